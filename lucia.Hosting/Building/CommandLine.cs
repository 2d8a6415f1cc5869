using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Building;

/// <summary>The AppHost's command line: a few options with names of their own, everything else is configuration.</summary>
internal sealed class CommandLine
{
    internal const string OutputPathKey = "Pipeline:OutputPath";
    internal const string StepKey = "Pipeline:Step";
    internal const string ListStepsKey = "Pipeline:ListSteps";
    internal const string ExceptionDetailsKey = "Pipeline:IncludeExceptionDetails";
    internal const string LogLevelKey = "Pipeline:LogLevel";
    internal const string StateDirectoryKey = "AppHost:StateDirectory";
    internal const string FreshKey = "AppHost:Fresh";
    internal const string NoDashboardKey = "AppHost:NoDashboard";
    internal const string DiscardStateKey = "AppHost:DiscardState";
    private const string OperationKey = "AppHost:Operation";
    private const string PublisherKey = "Publishing:Publisher";

    private static readonly Dictionary<string, string> Valued = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--operation"] = OperationKey,
        ["--publisher"] = PublisherKey,
        ["--step"] = StepKey,
        ["--output-path"] = OutputPathKey,
        ["--log-level"] = LogLevelKey,
        ["--state-directory"] = StateDirectoryKey,
        ["--environment"] = "environment",
        ["--contentRoot"] = "contentRoot",
        ["--applicationName"] = "applicationName"
    };

    private static readonly Dictionary<string, string> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--fresh"] = FreshKey,
        ["--no-dashboard"] = NoDashboardKey,
        ["--list-steps"] = ListStepsKey,
        ["--include-exception-details"] = ExceptionDetailsKey
    };

    private CommandLine(Dictionary<string, string?> configuration, IReadOnlyList<string> problems, bool help)
    {
        Configuration = configuration;
        Problems = problems;
        HelpRequested = help;
        if (string.Equals(configuration.GetValueOrDefault(PublisherKey), "manifest", StringComparison.OrdinalIgnoreCase))
        {
            configuration.TryAdd(StepKey, Publishing.ManifestStep.Name);
            configuration.TryAdd(OperationKey, "publish");
        }
    }

    /// <summary>What the command line says, as configuration.</summary>
    internal IReadOnlyDictionary<string, string?> Configuration { get; }

    /// <summary>What is wrong with it.</summary>
    internal IReadOnlyList<string> Problems { get; }

    internal bool HelpRequested { get; }

    internal static CommandLine Parse(string[] args)
    {
        Dictionary<string, string?> configuration = new(StringComparer.OrdinalIgnoreCase);
        List<string> problems = [];
        var help = false;
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = Split(args[i]);
            if (name is "-h" or "-?" or "--help")
                help = true;
            else if (Switches.TryGetValue(name, out var switched))
                configuration[switched] = value ?? (i + 1 < args.Length && bool.TryParse(args[i + 1], out _) ? args[++i] : "true");
            else if (KeyOf(name) is not { } key)
                problems.Add($"The option '{name}' is unknown.");
            else if (value is null && (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
                problems.Add($"The option '{name}' wants a value.");
            else
                configuration[key] = value ?? args[++i];
        }

        if (configuration.TryGetValue(OperationKey, out var operation) && !IsOperation(operation))
            problems.Add($"The operation '{operation}' is unknown; 'run' and 'publish' are known.");
        if (configuration.TryGetValue(PublisherKey, out var publisher) && !string.Equals(publisher, "manifest", StringComparison.OrdinalIgnoreCase))
            problems.Add($"The publisher '{publisher}' is unknown; 'manifest' is known, and --operation publish --step names any other step.");
        return new CommandLine(configuration, problems, help);
    }

    internal static DistributedApplicationOperation OperationIn(IConfiguration configuration) =>
        string.Equals(configuration[OperationKey], "publish", StringComparison.OrdinalIgnoreCase)
            ? DistributedApplicationOperation.Publish
            : DistributedApplicationOperation.Run;

    internal static string Help(string name) => $"""
        Usage: dotnet run --project {name} -- [options]

        Run
          (no option)                      start every resource; Ctrl+C stops them, a second Ctrl+C at once
          --fresh                          forget what earlier runs kept (generated passwords, data) and start anew
          --no-dashboard                   without the Aspire dashboard
          --state-directory PATH           keep it there instead of the user's state directory
          --environment NAME               Development reads user secrets (DOTNET_ENVIRONMENT does the same)

        Publish
          --operation publish --step STEP --output-path PATH
                                           run STEP and what it needs; 'publish' is everything, '{Publishing.ManifestStep.Name}' the manifest alone
          --publisher manifest --output-path FILE
                                           the older form of the manifest step
          --list-steps                     list the steps and end
          --include-exception-details      show where an error came from
          --log-level LEVEL                what steps may say: Trace, Debug, Information (default), Warning, Error

        Any --Section:Key=value is configuration, and so is the environment (Section__Key=value).

        Examples
          dotnet run --project {name}
          dotnet run --project {name} -- --Parameters:my-setting=value
          dotnet run --project {name} -- --operation publish --step publish --output-path out

        Exit codes: 0 done, 1 something failed and was named on standard error, 2 wrong command line, 130 killed by a second Ctrl+C.
        """;

    private static (string Name, string? Value) Split(string argument)
    {
        var at = argument.IndexOf('=');
        return at < 0 ? (argument, null) : (argument[..at], argument[(at + 1)..]);
    }

    private static string? KeyOf(string name)
    {
        if (Valued.TryGetValue(name, out var key))
            return key;
        var bare = name.TrimStart('-', '/');
        if (!name.StartsWith('-') || bare.Length == 0)
            return null;
        var isEnvironmentName = bare.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
        return bare.Contains(':') || bare.Contains("__", StringComparison.Ordinal) || isEnvironmentName
            ? bare.Replace("__", ":", StringComparison.Ordinal)
            : null;
    }

    private static bool IsOperation(string? operation) => operation?.ToLowerInvariant() is "run" or "publish";
}
