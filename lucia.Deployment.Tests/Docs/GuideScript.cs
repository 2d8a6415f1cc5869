using System.Text;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>All runnable blocks of a page as one script: one shell, in which what a block sets or where it goes holds for the next.</summary>
internal static class GuideScript
{
    private const string Prologue = """
        set -euo pipefail
        exec </dev/null
        servers=()
        # What does not end by itself gets what Ctrl+C would send, and has half a minute.
        end_of_guide() {
            local code=$? pid
            trap - EXIT
            for pid in "${servers[@]}"; do
                kill -INT -- "-$pid" 2>/dev/null || true
                for _ in $(seq 300); do kill -0 -- "-$pid" 2>/dev/null || break; sleep 0.1; done
                if kill -0 -- "-$pid" 2>/dev/null; then
                    echo "still runs half a minute after Ctrl+C" >&2
                    kill -KILL -- "-$pid" 2>/dev/null || true
                    code=1
                fi
            done
            exit "$code"
        }
        trap end_of_guide EXIT
        # until_answers ADDRESS LOG
        until_answers() {
            for _ in $(seq 1200); do
                if curl -fsS -o /dev/null "$1" 2>/dev/null; then return 0; fi
                if ! kill -0 "${servers[-1]}" 2>/dev/null; then break; fi
                sleep 0.5
            done
            cat "$2" >&2
            echo "nobody answers at $1" >&2
            exit 1
        }

        """;

    /// <summary>The script.</summary>
    /// <param name="guide">The page.</param>
    /// <param name="scratch">A folder for logs.</param>
    /// <param name="substitutions">What the page writes, and what stands in its place on this machine: ports that are taken here.</param>
    public static string Of(Guide guide, string scratch, IReadOnlyDictionary<string, string> substitutions)
    {
        var script = new StringBuilder(Prologue);
        foreach (var fence in guide.Runnable)
        {
            script.Append($"echo '--- {guide.Path}, line {fence.Line}' >&2\n");
            if (fence.ReadyAt is not { } address)
            {
                script.Append(fence.Text).Append('\n');
                continue;
            }

            // Job control gives the block a process group of its own, which can be interrupted as a terminal would do it.
            var log = $"{scratch}/line-{fence.Line}.log";
            script.Append($"set -m\n(\n{fence.Text}\n) >'{log}' 2>&1 &\nservers+=($!)\nset +m\nuntil_answers '{address}' '{log}'\n");
        }

        return substitutions.Aggregate(script.ToString(), (text, pair) => text.Replace(pair.Key, pair.Value, StringComparison.Ordinal));
    }
}
