using System.CommandLine;
using System.CommandLine.Help;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;

namespace Lucia.Publishing.Cli;

/// <summary>The command line of <c>lucia-publish</c>.</summary>
internal static class PublishCommand
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="targets">The targets offered.</param>
    /// <param name="output">What was made, tables.</param>
    /// <param name="error">Findings.</param>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, IReadOnlyList<PublishTarget> targets, TextWriter output, TextWriter error)
    {
        try
        {
            return RunCommand(args, targets, output, error);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            error.WriteLine($"{DiagnosticCatalogue.Fault.Number} error: {Fault.Describe(fault, "publishing")} {DiagnosticCatalogue.Fault.Remedy}");
            return ExitCode.Refused;
        }
    }

    private static int RunCommand(string[] args, IReadOnlyList<PublishTarget> targets, TextWriter output, TextWriter error)
    {
        var manifest = new Argument<string?>("MANIFEST")
        {
            Description = "Path of an Aspire manifest (aspire-manifest.json).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var target = new Option<string[]>("--target", "-t")
        {
            Description = $"Targets, by commas: {string.Join(", ", targets.Select(static t => t.Name))}. All when left out.",
            HelpName = "NAMES",
        };
        var folder = new Option<string>("--output", "-o")
        {
            Description = "Folder that gets one folder per target.",
            HelpName = "DIR",
            DefaultValueFactory = static _ => "deploy",
        };
        var name = new Option<string?>("--name") { Description = "The application's name, when the manifest does not say it; that of its folder when left out.", HelpName = "NAME" };
        var skip = new Option<bool>("--skip-unsupported") { Description = "Leave out resources no target can express, and ask for the values that came from them." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be written, and write nothing." };
        var explain = new Option<bool>("--explain") { Description = "Show what each target makes of what this manifest uses, and write nothing." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not show notices." };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show each notice by itself, with its place." };
        var diagnostics = new Option<bool>("--diagnostics") { Description = "Print what every LUCIA number means (Markdown)." };
        var support = new Option<bool>("--support") { Description = "Print what each target supports (Markdown)." };
        var root = new RootCommand("Publishes any Aspire manifest as docker-compose, Kubernetes, Helm and systemd.")
        {
            manifest, target, folder, name, skip, dryRun, explain, quiet, verbose, diagnostics, support,
        };
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);

        var parsed = root.Parse(args);
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        if (parsed.Errors.Count > 0)
            return Wrong(error, [.. parsed.Errors.Select(static e => e.Message)]);
        if (parsed.Action is not null)
            return parsed.Invoke(configuration);
        if (parsed.GetValue(diagnostics))
        {
            output.Write(DiagnosticPage.Render());
            return ExitCode.Done;
        }
        if (parsed.GetValue(support))
        {
            output.Write(SupportPage.Render(targets));
            return ExitCode.Done;
        }
        if (parsed.GetValue(manifest) is not { Length: > 0 } path)
            return Wrong(error, ["No manifest is given."]);

        var wanted = (parsed.GetValue(target) ?? []).SelectMany(static t => t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        var unknown = wanted.Where(w => targets.All(t => t.Name != w)).ToList();
        if (wanted.Count == 0 && parsed.GetResult(target) is { Implicit: false })
            return Wrong(error, [$"--target names none. Targets: {string.Join(", ", targets.Select(static t => t.Name))}."]);
        if (unknown.Count > 0)
            return Wrong(error, [.. unknown.Select(u => $"There is no target '{u}'. Targets: {string.Join(", ", targets.Select(static t => t.Name))}.")]);

        var chosen = wanted.Count == 0 ? targets : [.. targets.Where(t => wanted.Contains(t.Name))];
        var options = new PlanOptions(parsed.GetValue(name) ?? ApplicationName.Of(path), parsed.GetValue(skip), NameIsGuessed: parsed.GetValue(name) is null);
        var report = new Report(output, error, parsed.GetValue(quiet) ? Notices.None : parsed.GetValue(verbose) ? Notices.All : Notices.Grouped);
        if (parsed.GetValue(explain))
        {
            var explained = Publisher.Publish(path, new PublishRequest(chosen, null, options));
            report.Findings(explained);
            if (explained.Plan is { } plan)
                report.Support(plan, chosen);
            return explained.Succeeded ? ExitCode.Done : ExitCode.Refused;
        }
        var result = Publisher.Publish(path, new PublishRequest(chosen, parsed.GetValue(folder)!, options, parsed.GetValue(dryRun)));
        report.Findings(result);
        report.Changes(result, parsed.GetValue(folder)!, parsed.GetValue(dryRun));
        return result.Succeeded ? ExitCode.Done : ExitCode.Refused;
    }

    private static int Wrong(TextWriter error, IReadOnlyList<string> messages)
    {
        foreach (var message in messages)
            error.WriteLine(message);
        error.WriteLine("Try 'lucia-publish --help'.");
        return ExitCode.Usage;
    }
}
