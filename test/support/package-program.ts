import * as gitlab from "@pulumi/gitlab";
import { deferredOutput, output } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { PackageProject } from "../../components/package-project.ts";
import { TemplateProject } from "../../components/template-project.ts";
import { renderTemplate, type Template, toTemplate } from "../../pipeline/template.ts";
import { mapEntries } from "../../validation/entries.ts";
import { pipelineOf } from "./template-program.ts";

interface WantedPackage {
  /** Default: `main`, the newest shell. */
  readonly ref?: string;
  /** Default: `main`. */
  readonly defaultBranch?: string;
}

/** What a program wants at present; set it anew between two runs. */
export interface WantedPackages {
  template: Template;
  /** By name. */
  packages: Record<string, WantedPackage>;
}

/** A group of packages that differ, all protected as in every stack but dev. */
export function packageProgram(wanted: WantedPackages): PulumiFn {
  const protect = true;
  return async () => {
    const { id } = new gitlab.Group("infra", { name: "infra", path: "infra" }, { protect });
    const namespaceId = id.apply(Number);
    const pipelines = mapEntries(wanted.packages, (name, { ref = "main" }) =>
      pipelineOf(name, ref),
    );
    const [projectsMade, tellProjectsMade] = deferredOutput<unknown>();
    const inGroup = Object.entries(pipelines).map(([name, each]) => [`infra/${name}`, each]);
    const { committed } = new TemplateProject(
      "ci",
      {
        ...{ group: "infra", path: "ci", namespaceId, projectsMade, template: wanted.template },
        pipelines: Object.fromEntries(inGroup),
      },
      { protect },
    );
    const projects = mapEntries(wanted.packages, (path, { defaultBranch = "main" }) => {
      const pipeline = pipelines[path] ?? pipelineOf(path, "main");
      const args = { path, namespaceId, pipeline, defaultBranch, pipelineAfter: committed };
      return new PackageProject(path, args, { protect });
    });
    tellProjectsMade(output(Object.values(projects).map(({ nodes }) => nodes.project.id)));
  };
}

/** A state of the shell that says `words` where there is nothing to hand over. */
export function shellThatSays(words: string): Template {
  return toTemplate(renderTemplate().content.replaceAll("there is no package in packages/", words));
}
