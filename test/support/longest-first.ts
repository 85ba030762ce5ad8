import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The projects by the duration of their longest file: started last, it would run alone at the end while the other cores wait. */
const ORDER = ["simulator", "journeys", "properties", "unit"];

/** Starts the files of one project after those of another, as workers keep loaded modules for the files of a project only. */
export class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specifications);
    return ORDER.flatMap((name) => sorted.filter(({ project }) => project.name === name));
  }
}
