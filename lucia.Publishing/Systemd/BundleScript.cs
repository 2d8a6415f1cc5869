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
        AddValues();
        _text.Append(SystemdBundle.Resource("build-bundle.sh"));
        _text.Append("\n# ---- What the bundle holds ------------------------------------------------------------------------\n");
        foreach (var workload in host.Services)
            AddService(workload);
        foreach (var build in Images)
            AddImage(build);
        var images = host.Containers.Where(static w => w.Image.IsBuilt).Select(host.Image).ToList();
        if (images.Count > 0)
            _text.Append($"save_images {string.Join(' ', images.Select(ShellText.Quote))}\n");
        foreach (var workload in host.Containers)
        {
            foreach (var mount in workload.BindMounts.Where(static m => !m.IsAbsolute))
                _text.Append($"add {ShellText.Quote(Slashes(mount.Source))} {ShellText.Quote(QuadletUnit.BundleMount(workload, mount))}\n");
        }
        _text.Append("\npack\n");
        return _text.Replace("@URI_ENCODE@", ShellFunctions.Used(ShellFunctions.UriEncode, _text.ToString())).ToString();
    }

    private IEnumerable<ImageBuild> Images => host.Plan.Builds.Where(
        b => b.Kind == BuildKind.Dockerfile && host.Containers.Any(w => w.ResourceName == b.ResourceName));

    /// <summary>What whoever builds has to bring, for <c>--help</c> and for a check before the first build.</summary>
    private void AddValues()
    {
        var parameters = Images.SelectMany(static b => b.Values).SelectMany(static v => v.Parameters).Select(p => host.Plan.Parameter(p.Name)).Distinct().ToList();
        var usage = parameters.Select(static p => (p.Variable, Text: $"{p.Description ?? $"The parameter '{p.Name}'."}{Need(p)}"))
            .Concat(Images.SelectMany(static b => b.Secrets.Where(static s => s is { Value: null, SourceFile: null }).Select(s => (s.Id, $"A build secret of {b.ResourceName}. Required."))))
            .Concat(Images.SelectMany(static b => b.Args.Where(static a => a.Value is null).Select(a => (a.Key, $"A build argument of {b.ResourceName}."))))
            .ToList();
        var text = usage.Count == 0 ? "" : "\nEnvironment, for the builds of images:\n" + string.Join('\n', usage.Select(static u => $"  {u.Item1,-23} {u.Item2.ReplaceLineEndings(" ")}"));
        _text.Append($"\nvalues_usage={ShellText.Quote(text)}\n\n# Calls given with each value that has to be there: NAME and VALUE.\ncheck_values() {{\n");
        var required = parameters.Where(IsRequired).Select(static p => $"  given {p.Variable} \"${{{p.Variable}-}}\"\n")
            .Concat(Images.SelectMany(static b => b.Secrets).Where(static s => s is { Value: null, SourceFile: null }).Select(static s => $"  given {ShellText.Quote(s.Id)} \"$(printenv {ShellText.Quote(s.Id)})\"\n"))
            .Distinct().ToList();
        _text.AppendJoin("", required.Count == 0 ? ["  :\n"] : required).Append("}\n\n@URI_ENCODE@");
    }

    private static bool IsRequired(PlanParameter parameter) => parameter.Default is null && (parameter.Required || parameter.Generate is not null);

    private static string Need(PlanParameter parameter) => parameter switch
    {
        { Default: { Length: > 0 } value } => $" Default: {value}",
        _ when IsRequired(parameter) => " Required.",
        _ => "",
    };

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
            words.Add(value is null ? $"--build-arg {ShellText.Quote(name)}" : $"--build-arg {ShellText.Quote(name)}={Value(value)}");
        foreach (var secret in build.Secrets)
        {
            if (secret.Value is { } value)
            {
                var file = ShellText.Quote($"{build.ResourceName}.{secret.Id}");
                _text.Append($"secret {file} {Value(value)}\n");
                words.Add($"--secret {ShellText.Quote($"id={secret.Id}")},src=\"$work\"/{file}");
            }
            else
            {
                words.Add($"--secret {ShellText.Quote(secret.SourceFile is { } source ? $"id={secret.Id},src={Slashes(source)}" : $"id={secret.Id},env={secret.Id}")}");
            }
        }
        _text.Append(string.Join(" \\\n  ", words)).Append('\n');
    }

    /// <summary>A value of a build: what this shell's environment says, else the parameter's default.</summary>
    private string Value(ValueExpression value) => value.Parts.Count == 0 ? "''" : string.Concat(value.Parts.Select(part => part switch
    {
        LiteralPart literal => ShellText.Quote(literal.Text),
        ParameterPart { UriEncoded: true } parameter => $"\"$(uri_encode {Given(parameter)})\"",
        ParameterPart parameter => Given(parameter),
        ImagePart image => ShellText.Quote(host.Image(host.Plan.Workload(image.Workload))),
        EndpointPart endpoint => ShellText.Quote(host.Address(host.Plan.Workload(endpoint.Workload), endpoint) is TextToken text ? text.Text : ""),
        _ => throw new InvalidOperationException($"Unknown part {part}."),
    }));

    private string Given(ParameterPart part)
    {
        var parameter = host.Plan.Parameter(part.Name);
        return parameter.Default is { Length: > 0 } value
            ? $"\"$(value_or \"${{{parameter.Variable}-}}\" {ShellText.Quote(value)})\""
            : $"\"${{{parameter.Variable}-}}\"";
    }

    private static string Slashes(string path) => path.Replace('\\', '/');
}
