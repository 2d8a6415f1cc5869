using System.Text;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Systemd;

/// <summary><c>build-bundle.sh</c>: puts programs, images and mounted files beside the units and packs them.</summary>
internal sealed class BundleScript(DeploymentHost host)
{
    private readonly StringBuilder _text = new();

    public string Render()
    {
        _text.Append($"""
            #!/bin/sh
            # Makes the bundle of {host.Plan.Name} that install.sh installs: these files, and the programs they run. Made by lucia-publish.
            set -eu

            app='{host.Plan.Name}'
            version='{host.Plan.Version}'

            """.ReplaceLineEndings("\n"));
        _text.Append(SystemdBundle.Resource("build-bundle.sh"));
        _text.Append("\n# ---- What the bundle holds ------------------------------------------------------------------------\n");
        foreach (var workload in host.Services)
            AddService(workload);
        foreach (var build in host.Plan.Builds.Where(b => b.Kind == BuildKind.Dockerfile && host.Containers.Any(w => w.ResourceName == b.ResourceName)))
            AddImage(build);
        var images = host.Containers.Where(static w => w.Image.IsBuilt).Select(host.Image).ToList();
        if (images.Count > 0)
            _text.Append($"save_images {string.Join(' ', images.Select(ShellText.Quote))}\n");
        foreach (var workload in host.Containers)
        {
            foreach (var mount in workload.BindMounts.Where(static m => !m.IsAbsolute))
                _text.Append($"add {ShellText.Quote(Slashes(mount.Source))} {ShellText.Quote(QuadletUnit.BundleMount(workload, mount))}\n");
        }
        return _text.Append("\npack\n").ToString();
    }

    private void AddService(Workload workload)
    {
        var command = new HostCommand(host, workload);
        if (command.Folder is not { } folder)
            return;
        var target = folder.Length == 0 ? "." : folder;
        if (host.Plan.Builds.FirstOrDefault(b => b.ResourceName == workload.ResourceName)?.Project is { } project)
            _text.Append($"publish {ShellText.Quote(Slashes(project))} {ShellText.Quote(target)} \"$@\"\n");
        else if (workload.Executable is { } executable)
            _text.Append($"add {ShellText.Quote(Slashes(executable.WorkingDirectory))} {ShellText.Quote(target)}\n");
    }

    private void AddImage(ImageBuild build)
    {
        var workload = host.Plan.Workload(build.ResourceName);
        List<string> words =
        [
            "image", ShellText.Quote(host.Image(workload)), ShellText.Quote(Slashes(build.Context!)), ShellText.Quote(Slashes(build.Dockerfile!)),
        ];
        if (build.Stage is { } stage)
            words.Add($"--target {ShellText.Quote(stage)}");
        foreach (var (name, value) in build.Args)
            words.Add($"--build-arg {name}={Value(value)}");
        foreach (var secret in build.Secrets)
        {
            words.Add(secret.SourceFile is { } file
                ? $"--secret {ShellText.Quote($"id={secret.Id},src={Slashes(file)}")}"
                : $"--secret id={secret.Id},env={Naming.ShellSafe(secret.Id)}");
        }
        _text.Append(string.Join(" \\\n  ", words)).Append('\n');
    }

    /// <summary>A build argument: what this shell's environment says, else the parameter's default.</summary>
    private string Value(ValueExpression value) => value.Parts.Count == 0 ? "''" : string.Concat(value.Parts.Select(part => part switch
    {
        LiteralPart literal => ShellText.Quote(literal.Text),
        ParameterPart parameter => $"\"${{{host.Plan.Parameter(parameter.Name).Variable}:-{host.Plan.Parameter(parameter.Name).Default}}}\"",
        ImagePart image => ShellText.Quote(host.Image(host.Plan.Workload(image.Workload))),
        EndpointPart endpoint => ShellText.Quote(host.Address(host.Plan.Workload(endpoint.Workload), endpoint) is TextToken text ? text.Text : ""),
        _ => throw new InvalidOperationException($"Unknown part {part}."),
    }));

    private static string Slashes(string path) => path.Replace('\\', '/');
}
