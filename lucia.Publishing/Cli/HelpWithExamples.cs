using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Lucia.Publishing.Cli;

/// <summary>The usual help, and what one copies from it.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.Write("""
            Examples:
              lucia-publish aspire-manifest.json
                  writes deploy/compose, deploy/kubernetes, deploy/helm and deploy/systemd
              lucia-publish aspire-manifest.json --target compose,helm --output out
                  writes two of them
              lucia-publish aspire-manifest.json --dry-run
                  shows which files would be new, changed or removed
              lucia-publish aspire-manifest.json --explain
                  shows what each target makes of what the manifest uses
              lucia-publish aspire-manifest.json --skip-unsupported
                  leaves out Azure, AWS and Dapr resources and asks for their values

            Exit codes:
              0  done
              1  the manifest has errors, or the folder cannot be written; nothing was written
              2  the command line is wrong

            Publishing again keeps .env, secrets/ and *.local.* files.

            """);
        return result;
    }
}
