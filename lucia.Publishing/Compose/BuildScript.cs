using System.Text;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Compose;

/// <summary>Writes <c>build-images.sh</c> for the images that nobody has built yet.</summary>
internal sealed class BuildScript(DeploymentPlan plan, SecretStore secrets)
{
    public string Write()
    {
        // An image that others copy from has to be there first.
        var builds = plan.Builds.OrderBy(static b => b.BuildOnly ? 0 : 1).ToList();
        var program = new StringBuilder(Start.Replace("@NAMES@", string.Join(" | ", builds.Select(static b => b.ResourceName))));
        Given(program, builds);
        foreach (var build in builds)
            Build(program, build);
        program.Append(End);
        if (!program.ToString().Contains("given ", StringComparison.Ordinal))
            program.Replace("missing=''\n", "");
        return Head.Replace("@FIRST@", NeedsSetUp(plan) ? "Run ./setup.sh first: some images are built with values of .env and secrets/.\n" : "")
            .Replace("@IMAGES@", string.Join('\n', builds.Select(static b => $"  {b.ResourceName}: {Source(b)}")))
            + ShellFunctions.Used(EnvFileFunctions.Read + ShellFunctions.UriEncode + Functions, program.ToString())
            + program;
    }

    /// <summary>Whether some build is given a value that <c>setup.sh</c> makes or asks for.</summary>
    public static bool NeedsSetUp(DeploymentPlan plan) => plan.Builds.Any(static b => b.Values.Any(static v => v.Parameters.Any()));

    /// <summary>Every value without which a build would go through and make something that does not work, before the first one is built.</summary>
    private void Given(StringBuilder text, List<ImageBuild> builds)
    {
        var values = new ScriptValues(plan, secrets);
        var any = false;
        foreach (var build in builds.Where(static b => b.Kind == BuildKind.Dockerfile))
        {
            var lines = build.Values.SelectMany(static v => v.Parameters).Select(p => plan.Parameter(p.Name)).Where(ComposeValues.MustBeSet).Distinct()
                .Select(p => $"  given {(secrets.IsFile(p) ? $"secrets/{p.Key}" : $"'{p.Variable} in .env'")} \"$({values.Raw(p)}{(secrets.IsFile(p) ? " 2>/dev/null" : "")})\"\n")
                .Concat(build.Secrets.Where(static s => s is { Value: null, SourceFile: null })
                    .Select(static s => $"  given {ShellText.Quote($"{s.Id} in the environment")} \"$(printenv {ShellText.Quote(s.Id)})\"\n"))
                .ToList();
            if (lines.Count == 0)
                continue;
            any = true;
            text.Append($"\nif wanted {build.ResourceName}; then\n").AppendJoin("", lines).Append("fi\n");
        }
        if (any)
            text.Append($"[ -z \"$missing\" ] || fail \"nothing was built, as values are missing:$missing{(NeedsSetUp(plan) ? "\nRun ./setup.sh first, which makes them or asks for them." : "")}\"\n");
    }

    private static string Source(ImageBuild build) => build.Kind switch
    {
        BuildKind.Project => build.Project!,
        BuildKind.Dockerfile => build.Dockerfile!,
        _ => "by hand: nothing says how",
    };

    private void Build(StringBuilder text, ImageBuild build)
    {
        var image = new WorkloadImage(build.Image, build.Variable);
        text.Append($"\nif wanted {build.ResourceName}; then\n");
        switch (build.Kind)
        {
            case BuildKind.Project:
                text.Append($"  name {build.Variable} {image.Repository} {image.Tag}\n");
                text.Append($"  publish {Quoted(build.Project!)}\n");
                text.Append("  finish\n");
                break;
            case BuildKind.Dockerfile:
                text.Append($"  name {build.Variable} {image.Repository} {image.Tag}\n");
                Dockerfile(text, build);
                text.Append("  finish\n");
                break;
            default:
                text.Append($"  by_hand {build.ResourceName} {build.Variable} {image.Repository} {image.Tag}\n");
                break;
        }
        text.Append("fi\n");
    }

    private void Dockerfile(StringBuilder text, ImageBuild build)
    {
        var values = new ScriptValues(plan, secrets);
        text.Append($"  needs {Quoted(build.Dockerfile!)}\n");
        text.Append($"  set -- --file \"$sources\"/{ShellText.Quote(Path(build.Dockerfile!))}\n");
        if (build.Stage is { } stage)
            text.Append($"  set -- \"$@\" --target {ShellText.Quote(stage)}\n");
        foreach (var (name, value) in build.Args)
        {
            if (value is null)
            {
                // Whatever the shell has, or nothing: then the Dockerfile's own default counts.
                text.Append($"  set -- \"$@\" --build-arg {ShellText.Quote(name)}\n");
                continue;
            }
            if (value.IsSecret)
                continue;
            text.Append($"  value=$(\n{Indented(value.Render(values))}  )\n");
            text.Append($"  set -- \"$@\" --build-arg {ShellText.Quote(name)}=\"$value\"\n");
        }
        foreach (var secret in build.Secrets)
            Secret(text, secret, values);
        text.Append($"  docker build --tag \"$image\" \"$@\" \"$sources\"/{ShellText.Quote(Path(build.Context!))}\n");
    }

    private static void Secret(StringBuilder text, BuildSecret secret, ScriptValues values)
    {
        if (secret.SourceFile is { } file)
        {
            text.Append($"  needs {Quoted(file)}\n");
            text.Append($"  set -- \"$@\" --secret {ShellText.Quote($"id={secret.Id}")},src=\"$sources\"/{ShellText.Quote(Path(file))}\n");
        }
        else if (secret.Value is { } value)
        {
            // The value goes by a file, as arguments can be read by every process.
            text.Append($"  {{\n{Indented(value.Render(values))}  }} >\"$work\"/{ShellText.Quote(secret.Id)}\n");
            text.Append($"  set -- \"$@\" --secret {ShellText.Quote($"id={secret.Id}")},src=\"$work\"/{ShellText.Quote(secret.Id)}\n");
        }
        else
        {
            text.Append($"  set -- \"$@\" --secret {ShellText.Quote($"id={secret.Id},env={secret.Id}")}\n");
        }
    }

    private static string Path(string path) => path is "" ? "." : path.Replace('\\', '/');

    private static string Quoted(string path) => ShellText.Quote(Path(path));

    private static string Indented(string lines) => string.Concat(lines.Split('\n').Where(static l => l.Length > 0).Select(static l => $"  {l}\n"));

    private const string Head = """
        #!/bin/sh
        # Builds the images that docker-compose.yml names and no registry has.
        set -eu

        usage() {
          cat <<'EOF'
        Usage: ./build-images.sh [OPTIONS] [NAME...]

        Builds all images, or those named:
        @IMAGES@

          --sources DIR     folder of the Aspire manifest (default: MANIFEST_DIR of .env, else ..)
          --registry NAME   put before every image's name, such as ghcr.io/you
          --tag TAG         the images' tag (default: what docker-compose.yml names)
          --push            push each image to the registry
          --help            show this

        @FIRST@It prints the lines that .env needs when the names differ from the default.
        EOF
        }


        """;

    private const string Functions = """
        fail() {
          printf 'build-images.sh: %s\n' "$1" >&2
          exit 1
        }

        or_default() {
          value=$(cat)
          printf '%s' "${value:-$1}"
        }

        # given WHAT VALUE
        given() {
          [ -n "$2" ] || missing="$missing
          $1"
        }

        wanted() {
          case $only in
            '' | *" $1 "*) return 0 ;;
            *) return 1 ;;
          esac
        }

        # name VARIABLE REPOSITORY TAG: the defaults of docker-compose.yml
        name() {
          repository=$registry$2
          image_tag=${tag:-$3}
          image=$repository:$image_tag
          lines="$lines
        $1=$image"
          printf '\nBuilding %s\n' "$image"
        }

        needs() {
          [ -e "$sources/$1" ] || fail "'$sources/$1' is not there. Say where the Aspire manifest lies: --sources DIR"
        }

        # The SDK makes the image itself: https://learn.microsoft.com/dotnet/core/containers/sdk-publish
        publish() {
          needs "$1"
          dotnet publish "$sources/$1" --configuration Release --os linux -t:PublishContainer \
            -p:ContainerRepository="$repository" -p:ContainerImageTag="$image_tag"
        }

        # by_hand NAME VARIABLE REPOSITORY TAG
        by_hand() {
          and_push=''
          [ "$push" = no ] || and_push=', push it'
          printf "\nNothing says how the image of '%s' is built. Build it yourself%s and name it in .env: %s=%s\n" "$1" "$and_push" "$2" "$registry$3:${tag:-$4}" >&2
        }

        finish() {
          [ "$push" = no ] || docker push "$image"
        }

        """;

    private const string Start = """
        sources=''
        registry=''
        tag=''
        push=no
        only=''
        while [ $# -gt 0 ]; do
          case $1 in
            --sources | --registry | --tag)
              [ $# -ge 2 ] || fail "$1 needs a value."
              case $1 in
                --sources) sources=$(cd "$2" 2>/dev/null && pwd) || fail "there is no folder '$2'." ;;
                --registry) registry=${2%/}/ ;;
                --tag) tag=$2 ;;
              esac
              shift
              ;;
            --push) push=yes ;;
            --help | -h)
              usage
              exit 0
              ;;
            @NAMES@)
              only="$only $1 "
              ;;
            *)
              usage >&2
              fail "there is no option or image '$1'."
              ;;
          esac
          shift
        done

        cd "$(dirname "$0")"
        [ -n "$sources" ] || sources=$(env_value MANIFEST_DIR | or_default ..)
        work=$(mktemp -d)
        trap 'rm -rf "$work"' EXIT
        trap 'exit 130' INT TERM
        lines=''
        missing=''

        """;

    private const string End = """

        [ -z "$lines" ] || printf '\nIn .env, unless the names are the default:\n%s\n' "$lines"
        """;
}
