using System.Globalization;
using System.Text;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Compose;

/// <summary>Writes <c>setup.sh</c>, which makes <c>.env</c> and <c>secrets/</c> and may be run again and again.</summary>
internal sealed class SetupScript(DeploymentPlan plan, ComposeNames names, SecretStore secrets)
{
    public string Write()
    {
        var program = new StringBuilder();
        Obtain(program);
        FitCores(program);
        program.Append(ReportMissing);
        Compose(program);
        program.Append(End);
        program.Insert(0, Started(program.ToString()));
        return Head.Replace("@NAME@", plan.Name)
            + ShellFunctions.Used(ShellFunctions.GenerateSecret + ShellFunctions.UriEncode + EnvFileFunctions.Read + EnvFileFunctions.Write + Functions, program.ToString())
            + program;
    }

    /// <summary>The beginning, with no more variables than what follows asks for.</summary>
    private static string Started(string program)
    {
        var start = Start;
        var used = ShellFunctions.Used(Functions, start + program);
        if (!used.Contains("obtain() {", StringComparison.Ordinal))
            start = start.Replace("interactive=yes\n", "").Replace("--non-interactive) interactive=no ;;", "--non-interactive) ;; # nothing is asked for");
        if (!used.Contains("variable() {", StringComparison.Ordinal))
            start = start.Replace("fresh=no\n", "").Replace("  fresh=yes\n", "");
        return start;
    }

    private void Obtain(StringBuilder text)
    {
        foreach (var parameter in plan.Parameters)
        {
            var call = secrets.IsFile(parameter)
                ? $"secret_file {parameter.Key} {parameter.Variable} {Need(parameter)}"
                : parameter.IsSecret || ComposeValues.MustBeSet(parameter) || BelongsToSecret(parameter)
                    ? $"variable {parameter.Variable} {Need(parameter)} {(parameter.IsSecret ? "hidden" : "shown")}"
                    : null;
            if (call is null)
            {
                // Compose cannot hold such a default itself, so a .env of an earlier day may lack it.
                if (parameter.Default is { } value && !ComposeValues.IsInlineDefault(value))
                    text.Append($"preset {parameter.Variable} {ShellText.Quote(value)}\n");
                continue;
            }
            text.Append(call).Append(' ').Append(ShellText.Quote(About(parameter)));
            if (parameter.Generate is { } recipe)
                text.Append(" \\\n  ").Append(ShellFunctions.Generate(recipe));
            text.Append('\n');
        }
    }

    /// <summary>Whoever is asked for a token wants to say where it is valid, too.</summary>
    private bool BelongsToSecret(PlanParameter parameter) =>
        parameter.Default is null or "" && parameter.Section is { } section
        && plan.Secrets.Any(s => s.Section == section && s.Generate is null);

    private void FitCores(StringBuilder text)
    {
        foreach (var workload in plan.Workloads)
        {
            if (workload.Limits.Cpu is { } cpu && decimal.Parse(ComposeAmount.Cpu(cpu), CultureInfo.InvariantCulture) is > 1 and var cores)
                text.Append($"fit_cores {names.Limits(workload).Cpus} {Math.Ceiling(cores).ToString("0", CultureInfo.InvariantCulture)}\n");
        }
    }

    private static string Need(PlanParameter parameter) => ComposeValues.MustBeSet(parameter) ? "required" : "optional";

    private static string About(PlanParameter parameter)
    {
        var about = parameter.Description ?? $"The parameter '{parameter.Name}'.";
        return parameter.Example is { } example ? $"{about} Example: {example}" : about;
    }

    private void Compose(StringBuilder text)
    {
        var renderer = new ScriptValues(plan, secrets);
        if (secrets.Encoded.Count + secrets.Composed.Count > 0)
            text.Append("\n# Values made of others follow them, so run this again after a change.\n");
        foreach (var parameter in secrets.Encoded)
            text.Append($"encoded {names.Encoded(parameter.Name)} \"$({renderer.Raw(parameter)})\"\n");
        foreach (var file in secrets.Composed)
            text.Append("{\n").Append(file.Content.Render(renderer)).Append($"}} | write_secret {file.Key}\n");
    }

    private const string Head = """
        #!/bin/sh
        # Prepares @NAME@ for docker compose. What is there already is kept, so it may be run again at any time.
        set -eu
        umask 077

        usage() {
          cat <<'EOF'
        Usage: ./setup.sh [OPTIONS]

        Makes .env from .env.example, generates passwords and asks for what nobody can generate.
        A value that is set in the environment under the name it has in .env.example is taken from there.

          --non-interactive   ask for nothing; list what is missing and end with status 1
          --no-engine-check   do not look for docker compose, for preparing on another machine
          --help              show this
        EOF
        }


        """;

    private const string Functions = """
        fail() {
          printf 'setup.sh: %s\n' "$1" >&2
          exit 1
        }

        check_engine() {
          command -v docker >/dev/null 2>&1 ||
            fail 'docker is not on PATH. Install Docker Engine 24 or newer with its compose plugin: https://docs.docker.com/engine/install/'
          version=$(docker compose version --short 2>/dev/null) ||
            fail "'docker compose' does not work. Install the compose plugin, 2.20 or newer: https://docs.docker.com/compose/install/linux/"
          version=${version#v}
          major=${version%%.*}
          minor=${version#*.}
          minor=${minor%%.*}
          case $major.$minor in
            *[!0-9.]* | .* | *.) fail "docker compose has the version '$version', which cannot be read; 2.20 or newer is needed." ;;
          esac
          if [ "$major" -lt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -lt 20 ]; }; then
            fail "docker compose $version is too old; 2.20 or newer is needed: https://docs.docker.com/compose/install/linux/"
          fi
        }

        # fit_cores NAME CORES: an engine refuses a limit above the cores it has, so the default gives way on a small machine
        fit_cores() {
          [ "$engine" = yes ] && [ -z "$(env_value "$1")" ] || return 0
          cores=$(docker info --format '{{.NCPU}}' 2>/dev/null) || cores=''
          case $cores in
            '' | 0 | *[!0-9]*) return 0 ;;
          esac
          if [ "$2" -gt "$cores" ]; then
            env_set "$1" "$cores"
            printf '.env: %s=%s, which is all this machine has\n' "$1" "$cores"
          fi
        }

        no_folder() {
          [ ! -d "secrets/$1" ] || fail "secrets/$1 is a folder, where a file has to be. Remove it: rmdir secrets/$1"
        }

        # Standard input becomes secrets/KEY. Any user of a container may read the file; the folder keeps everybody else out.
        write_secret() {
          no_folder "$1"
          cat >secrets/.new
          if [ -f "secrets/$1" ] && cmp -s secrets/.new "secrets/$1"; then
            rm -f secrets/.new
          else
            mv -f secrets/.new "secrets/$1"
          fi
          chmod 0444 "secrets/$1"
        }

        # Sets $value and $origin: from the environment, generated, or typed. Arguments: NAME NEED SHOWN ABOUT [GENERATOR...]
        obtain() {
          name=$1 need=$2 shown=$3 about=$4
          shift 4
          eval "value=\${$name-}"
          origin='taken from the environment'
          [ -z "$value" ] || return 0
          if [ $# -gt 0 ]; then
            value=$("$@")
            origin='generated'
            return 0
          fi
          [ "$interactive" = yes ] || return 0
          origin='as you typed it'
          [ "$need" = required ] || about="$about (Optional; press Enter for none.)"
          printf '\n%s\n%s: ' "$about" "$name"
          if [ "$shown" = hidden ] && [ -t 0 ]; then
            echo_off=yes
            stty -echo
            IFS= read -r value || :
            stty echo
            echo_off=no
            printf '\n'
          else
            IFS= read -r value || :
          fi
        }

        # Whether a file holds more than the line feed that editors leave.
        filled() {
          [ -f "$1" ] && [ -n "$(tr -d '[:space:]' <"$1")" ]
        }

        note_missing() {
          missing="$missing
          $1: $2"
        }

        # secret_file KEY NAME NEED ABOUT [GENERATOR...]
        secret_file() {
          key=$1 name=$2 need=$3 about=$4
          shift 4
          no_folder "$key"
          if filled "secrets/$key" || { [ -f "secrets/$key" ] && [ "$need" = optional ]; }; then
            chmod 0444 "secrets/$key"
            return 0
          fi
          obtain "$name" "$need" hidden "$about" "$@"
          printf '%s' "$value" | write_secret "$key"
          if [ -n "$value" ]; then
            printf 'secrets/%s: %s\n' "$key" "$origin"
          elif [ "$need" = required ]; then
            note_missing "secrets/$key (or $name in the environment)" "$about"
          fi
        }

        # variable NAME NEED SHOWN ABOUT [GENERATOR...]
        variable() {
          [ -z "$(env_value "$1")" ] || return 0
          [ "$2" = required ] || [ "$fresh" = yes ] || return 0
          obtain "$@"
          if [ -n "$value" ]; then
            env_set "$name" "$value"
            printf '.env: %s %s\n' "$name" "$origin"
          elif [ "$need" = required ]; then
            note_missing "$name in .env" "$about"
          fi
        }

        # preset NAME VALUE: adds the variable to .env unless it is there, be it empty
        preset() {
          grep -q "^$1=" .env || env_set "$1" "$2"
        }

        or_default() {
          value=$(cat)
          printf '%s' "${value:-$1}"
        }

        # encoded NAME VALUE: the value percent-encoded in .env
        encoded() {
          value=$(uri_encode "$2")
          [ "$(env_value "$1")" = "$value" ] || env_set "$1" "$value"
        }

        clean_up() {
          rm -f secrets/.new .env.new
          [ "$echo_off" = no ] || stty echo
        }

        """;

    private const string Start = """
        interactive=yes
        engine=yes
        echo_off=no
        while [ $# -gt 0 ]; do
          case $1 in
            --non-interactive) interactive=no ;;
            --no-engine-check) engine=no ;;
            --help | -h)
              usage
              exit 0
              ;;
            *)
              usage >&2
              fail "there is no option '$1'."
              ;;
          esac
          shift
        done

        cd "$(dirname "$0")"
        [ "$engine" = no ] || check_engine
        if [ ! -w . ] || ! mkdir -p secrets 2>/dev/null || [ ! -w secrets ]; then
          fail "the folder '$(pwd)' or secrets in it cannot be written by $(id -un). Copy it to a place of your own, or change its owner."
        fi
        trap clean_up EXIT
        trap 'exit 130' INT TERM
        chmod 0700 secrets

        fresh=no
        if [ ! -f .env ]; then
          cp .env.example .env
          fresh=yes
          printf '.env: made from .env.example\n'
        fi
        chmod 0600 .env

        missing=''

        """;

    private const string ReportMissing = """

        if [ -n "$missing" ]; then
          printf '\nsetup.sh: still missing:%s\nFill them in and run ./setup.sh again.\n' "$missing" >&2
          exit 1
        fi

        """;

    private const string End = """

        printf '\nReady. Settings are in .env. Start with: docker compose up -d --wait\n'

        """;
}
