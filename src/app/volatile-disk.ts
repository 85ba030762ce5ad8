import { statSync } from "node:fs";

/** A host that drops the disk of a process with the process. */
export interface VolatileHost {
  readonly name: string;
  /** True if a folder may be a volume that stays; it is a file system of its own then. */
  readonly hasVolumes: boolean;
}

/** Each host sets a variable of its own in every process. */
const HOSTS: Readonly<Record<string, VolatileHost>> = {
  DYNO: { name: "Heroku", hasVolumes: false },
  K_SERVICE: { name: "Cloud Run", hasVolumes: true },
  FLY_APP_NAME: { name: "Fly.io", hasVolumes: true },
  RENDER: { name: "Render", hasVolumes: true },
  RAILWAY_PROJECT_ID: { name: "Railway", hasVolumes: true },
  KOYEB_APP_NAME: { name: "Koyeb", hasVolumes: true },
  CONTAINER_APP_NAME: { name: "Azure Container Apps", hasVolumes: true },
  ECS_CONTAINER_METADATA_URI_V4: { name: "Amazon ECS", hasVolumes: true },
  VCAP_APPLICATION: { name: "Cloud Foundry", hasVolumes: true },
  KUBERNETES_SERVICE_HOST: { name: "Kubernetes", hasVolumes: true },
};

/** The host on which this process runs, if it is one of those that drop its disk. */
export function volatileHost(environment: Readonly<Record<string, string | undefined>>): VolatileHost | undefined {
  const [, host] = Object.entries(HOSTS).find(([variable]) => environment[variable]) ?? [];
  return host;
}

/** True if what is written to this folder is gone when the host replaces the process. */
export function isLostWithProcess({ hasVolumes }: VolatileHost, folder: string): boolean {
  return !hasVolumes || statSync(folder).dev === statSync("/").dev;
}
