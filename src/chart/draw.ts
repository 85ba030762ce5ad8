import { createRequire } from "node:module";
import type { TrendDay } from "../domain/ports/snapshot.ts";
import { trendSvg, WIDTH } from "./svg.ts";

/** SVG to PNG. */
export type Rasterize = (svg: string) => Promise<Uint8Array>;

type DrawTrend = (days: readonly TrendDay[]) => Promise<Uint8Array | undefined>;

/** Twice as many pixels as the picture has units, for screens that have twice as many. */
const ZOOM = 2;

/**
 * Draws the trend as PNG; undefined where there is nothing to draw, and where the optional packages are not installed.
 * One picture at a time: the renderer's memory is not the garbage collector's.
 */
export function createTrendChart(load: () => Promise<Rasterize> = loadRasterizer): DrawTrend {
  let loading: Promise<Rasterize | undefined> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  return async (days) => {
    const svg = trendSvg(days);
    if (svg === undefined) return undefined;
    loading ??= load().catch(() => undefined);
    const rasterize = await loading;
    if (rasterize === undefined) return undefined;
    const mine = queue.then(() => rasterize(svg));
    queue = mine.catch(() => undefined);
    return mine;
  };
}

async function loadRasterizer(): Promise<Rasterize> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = [
    resolve("@expo-google-fonts/lato/400Regular/Lato_400Regular.ttf"),
    resolve("@expo-google-fonts/lato/700Bold/Lato_700Bold.ttf"),
  ];
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: "Lato" };
  return async (svg) => {
    const image = await renderAsync(svg, { font, fitTo: { mode: "width", value: WIDTH * ZOOM } });
    return Uint8Array.from(image.asPng());
  };
}
