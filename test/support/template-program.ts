import * as gitlab from "@pulumi/gitlab";
import { deferredOutput, output } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { PackageProject } from "../../components/package-project.ts";
import { TemplateProject } from "../../components/template-project.ts";
import { debianPackagePipeline } from "../../pipeline/debian-package.ts";
import { renderTemplate, type Template, toTemplate } from "../../pipeline/template.ts";
import { mapEntries } from "../../validation/entries.ts";

/** What a program wants of the template at present; set it anew between two runs. */
export interface Wanted {
  template: Template;
  /** What the packages' pipelines include. */
  ref: string;
}

/** A group with packages whose pipelines include a template that changes from run to run. */
export function templateProgram(packages: readonly string[]): {
  readonly program: PulumiFn;
  readonly wanted: Wanted;
} {
  const wanted: Wanted = { template: renderTemplate(), ref: "main" };
  const program = async () => {
    const { id } = new gitlab.Group("infra", { name: "infra", path: "infra" });
    const namespaceId = id.apply(Number);
    const pipelines = Object.fromEntries(
      packages.map((name) => [`infra/${name}`, pipelineOf(name, wanted.ref)]),
    );
    const [projectsMade, tellProjectsMade] = deferredOutput<unknown>();
    const template = { group: "infra", path: "ci", namespaceId, template: wanted.template };
    const { committed } = new TemplateProject("ci", { ...template, pipelines, projectsMade });
    const projects = mapEntries(pipelines, (project, pipeline) => {
      const path = project.slice("infra/".length);
      return new PackageProject(path, { path, namespaceId, pipeline, pipelineAfter: committed });
    });
    tellProjectsMade(output(Object.values(projects).map(({ nodes }) => nodes.project.id)));
  };
  return { program, wanted };
}

/** The pipeline of a package whose jobs have their shell from a state of the template. */
export const pipelineOf = (name: string, ref: string) =>
  debianPackagePipeline({
    package: name,
    targets: [{ codename: "trixie", image: "debian:trixie" }],
    tags: [],
    installPrefix: "/usr",
    apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
    template: { project: "infra/ci", ref },
    origin: "a test",
  });

/** A compatible change of the shell, as a fix is. */
export function fixShell({ content }: Template): Template {
  return toTemplate(
    content.replace("there is no package in packages/", "packages/ holds no package"),
  );
}
