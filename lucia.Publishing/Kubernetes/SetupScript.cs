using System.Text;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes;

/// <summary>
/// <c>setup.sh</c>: kustomize generates no passwords and reads no file outside its root, so the script writes the base's secret files. It
/// keeps every value that is there, and joins only what has to be a file; the pods join the rest by <c>$(NAME)</c>.
/// </summary>
internal sealed class SetupScript(DeploymentPlan plan, IReadOnlyList<ContainerConfiguration> configurations)
{
    private const string Folder = "base/secrets";

    public string Write()
    {
        var secrets = ContainerConfiguration.Uses(plan).Used.Where(static p => p.IsSecret).ToList();
        var settings = KubernetesTarget.Settings(plan).ToList();
        var derived = configurations.SelectMany(static c => c.Derived).DistinctBy(static d => d.Key).ToList();
        var mounts = plan.Workloads.SelectMany(static w => w.BindMounts.Select(m => (Workload: w, Mount: m))).ToList();

        var script = new StringBuilder($"mkdir -p {Folder}\n");
        var offered = settings.Where(s => BelongsToSecret(s, secrets)).ToList();
        if (offered.Count > 0)
            script.Append("fresh=yes\n[ ! -e base/.env ] || fresh=no\n");
        if (settings.Count > 0)
            script.Append("prepare_settings\n");
        foreach (var setting in settings.Where(static s => s.Required))
            script.Append($"require_setting {setting.Variable} {ShellText.Quote(About(setting))}\n");
        foreach (var setting in offered)
            script.Append($"offer_setting {setting.Variable} {ShellText.Quote(About(setting))}\n");
        foreach (var secret in secrets)
        {
            var how = secret.Generate is { } recipe ? ShellFunctions.Generate(recipe) : secret.Required ? "required" : "optional";
            script.Append($"secret {secret.Key} {secret.Variable} {ShellText.Quote(About(secret))} {how}\n");
        }
        script.Append("complain\n");
        foreach (var item in derived)
            script.Append(Derive(item));
        foreach (var configuration in configurations.Where(static c => c.Workload.Optional && c.NeedsSecret))
            script.Append(Copy(configuration));
        if (mounts.Count > 0)
        {
            script.Append($"\nmkdir -p {Folder}/mounts\nbegin_gathering\n");
            foreach (var (workload, mount) in mounts)
            {
                // What the base does not hold, nothing of the base can change.
                var runner = workload.Optional ? "" : $" {StorageObjects.Runner(plan, workload)} {ObjectNames.Runner(plan, workload)} {workload.Name}";
                script.Append(
                    $"gather {KustomizeDialect.MountOf(workload, mount)} {ShellText.Quote(mount.Source.Replace('\\', '/'))} "
                    + $"{(BindMounts.IsFile(mount) ? "file" : "folder")} {ShellText.Quote(mount.Target)}{runner}\n");
            }
            script.Append("complain\nend_gathering\n");
        }
        script.Append($"\necho \"Ready: kubectl apply -k $PWD/base (or overlays/dev, overlays/ha)\"\n");
        return Head(mounts.Count > 0) + ShellFunctions.Used(ShellFunctions.GenerateSecret + ShellFunctions.UriEncode + Functions, script.ToString()) + script;
    }

    private static string About(PlanParameter parameter)
    {
        var about = (parameter.Description ?? $"The parameter '{parameter.Name}'.").ReplaceLineEndings(" ");
        return parameter.Example is { } example ? $"{about} Example: {example}" : about;
    }

    /// <summary>Whoever is asked for a token wants to say where it is valid, too.</summary>
    private static bool BelongsToSecret(PlanParameter setting, IEnumerable<PlanParameter> secrets) =>
        setting is { Required: false, Default: null or "", Section: { } section } && secrets.Any(s => s.Section == section && s.Generate is null);

    private string Head(bool mounts) => $"""
        #!/bin/sh
        # Prepares the base of {plan.Name} for `kubectl apply -k`: writes base/.env and one file per secret in base/secrets/.
        # What is there stays. A value that cannot be generated comes from the environment variable of its name, or is asked for.
        # Usage: ./setup.sh{(mounts ? " [--sources DIR]    DIR: the manifest's folder, whose files are mounted; default .." : "")}
        set -eu
        umask 077
        cd "$(dirname "$0")"
        {(mounts ? MountArguments : Arguments)}
        missing=''

        """;

    private const string Arguments = """
        case ${1:-} in
          '') ;;
          -h | --help)
            sed -n '2,/^# Usage/s/^# //p' "$(basename "$0")"
            exit 0 ;;
          *)
            echo "setup.sh: '$1' is not known; see --help." >&2
            exit 2 ;;
        esac
        """;

    private const string MountArguments = """
        sources=..
        while [ $# -gt 0 ]; do
          case $1 in
            --sources)
              [ $# -gt 1 ] || { echo 'setup.sh: --sources needs a folder.' >&2; exit 2; }
              sources=$2
              shift ;;
            -h | --help)
              sed -n '2,/^# Usage/s/^# //p' "$(basename "$0")"
              exit 0 ;;
            *)
              echo "setup.sh: '$1' is not known; see --help." >&2
              exit 2 ;;
          esac
          shift
        done
        """;

    private const string Functions = """
        # secret KEY VARIABLE ABOUT (required | optional | COMMAND...): one file per secret.
        secret() {
          key=$1 variable=$2 about=$3
          shift 3
          there=no value=''
          # An editor ends a file in a new line, which is no part of the secret.
          [ ! -f "base/secrets/$key" ] || there=yes value=$(cat "base/secrets/$key")
          if is_blank "$value"; then
            eval "value=\${$variable:-}"
          fi
          if is_blank "$value"; then
            case $1 in
              required)
                value=$(ask hidden "$variable" "$about")
                ! is_blank "$value" || missing="$missing
          $variable: $about" ;;
              # Whoever left it out once is not asked again.
              optional) [ "$there" = yes ] || value=$(ask hidden "$variable" "$about (Optional; press Enter for none.)") ;;
              *) value=$("$@") ;;
            esac
          fi
          printf '%s' "$value" >"base/secrets/$key"
        }

        is_blank() {
          case $1 in *[![:space:]]*) return 1 ;; esac
        }

        # ask (hidden | shown) VARIABLE ABOUT: what a person types; nothing when nobody is there.
        ask() {
          [ -t 0 ] || return 0
          printf '\n%s\n%s: ' "$3" "$2" >&2
          if [ "$1" = hidden ]; then
            trap 'stty echo' EXIT
            trap 'exit 130' INT TERM
            stty -echo
          fi
          IFS= read -r answer || answer=''
          [ "$1" = shown ] || printf '\n' >&2
          printf '%s' "$answer"
        }

        complain() {
          [ -z "$missing" ] || {
            printf 'setup.sh: these values are missing; set the environment variables and run it again:%s\n' "$missing" >&2
            exit 1
          }
        }

        # Makes .env of .env.example, or adds what is new in it.
        prepare_settings() {
          [ -e base/.env ] || cp base/.env.example base/.env
          [ -z "$(tail -c 1 base/.env)" ] || echo >>base/.env
          grep '^[A-Za-z_][A-Za-z0-9_]*=' base/.env.example | while IFS= read -r line; do
            grep -q "^${line%%=*}=" base/.env || printf '%s\n' "$line" >>base/.env
          done
        }

        # setting VARIABLE: its value in .env.
        setting() {
          sed -n "s/^$1=//p" base/.env | tail -n 1
        }

        require_setting() {
          [ -z "$(setting "$1")" ] || return 0
          eval "value=\${$1:-}"
          [ -n "$value" ] || value=$(ask shown "$1" "$2")
          if is_blank "$value"; then
            missing="$missing
          $1: $2"
            return 0
          fi
          set_setting "$1" "$value"
        }

        # offer_setting VARIABLE ABOUT: asks for what may stay empty, once.
        offer_setting() {
          [ "$fresh" = yes ] && [ -z "$(setting "$1")" ] || return 0
          eval "value=\${$1:-}"
          [ -n "$value" ] || value=$(ask shown "$1" "$2 (Optional; press Enter for none.)")
          is_blank "$value" || set_setting "$1" "$value"
        }

        # set_setting VARIABLE VALUE: in its line of .env, or in a new one.
        set_setting() {
          grep -q "^$1=" base/.env || printf '%s=\n' "$1" >>base/.env
          value=$2 awk -v name="$1" 'index($0, name "=") == 1 { print name "=" ENVIRON["value"]; next } { print }' base/.env >base/.env.new
          mv base/.env.new base/.env
        }

        begin_gathering() {
          patches=''
          cat >base/secrets/mounts/kustomization.yaml <<'EOF'
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        secretGenerator:
        EOF
        }

        # gather NAME SOURCE (file | folder) TARGET [KIND OBJECT CONTAINER]: copies a file or the files of a folder, lists them, and sees to it that
        # the container mounts at TARGET what is there.
        gather() {
          case $2 in /*) from=$2 ;; *) from=$sources/$2 ;; esac
          rm -rf "base/secrets/mounts/$1"
          mkdir -p "base/secrets/mounts/$1"
          if [ -f "$from" ]; then
            is=file item=$(basename "$4")
            cp "$from" "base/secrets/mounts/$1/$item"
          elif [ -d "$from" ]; then
            is=folder item=null
            find "$from" -mindepth 1 -maxdepth 1 -type f -exec cp {} "base/secrets/mounts/$1/" \;
            [ -z "$(find "$from" -mindepth 1 -type d)" ] || echo "setup.sh: folders below '$from' are left out: a Secret is flat." >&2
          else
            missing="$missing
          --sources: '$from' is not there"
            return 0
          fi
          if [ "$is" != "$3" ] && [ $# -gt 4 ]; then
            mount_as "$item" "$4" "$5" "$6" "$7"
          elif [ "$is" != "$3" ]; then
            missing="$missing
          --sources: '$from' is a $is, and was published as a $3; say so in bindMounts of the deployment profile"
          fi
          printf '  - name: %s\n    files:\n' "$1" >>base/secrets/mounts/kustomization.yaml
          for file in "base/secrets/mounts/$1"/*; do
            [ ! -e "$file" ] || printf '      - "%s/%s"\n' "$1" "$(basename "$file")" >>base/secrets/mounts/kustomization.yaml
          done
        }

        # mount_as ITEM TARGET KIND OBJECT CONTAINER: a patch that mounts one item at TARGET, or all of them (null).
        mount_as() {
          patches="$patches
          - target:
              kind: $3
              name: $4
            patch: |-
              apiVersion: apps/v1
              kind: $3
              metadata:
                name: $4
              spec:
                template:
                  spec:
                    containers:
                      - name: $5
                        volumeMounts:
                          - mountPath: $2
                            subPath: $1"
        }

        end_gathering() {
          [ -z "$patches" ] || printf 'patches:%s\n' "$patches" >>base/secrets/mounts/kustomization.yaml
        }


        """;

    private string Derive(DerivedSecret derived)
    {
        var text = new StringBuilder("{\n");
        foreach (var part in derived.Value.Parts)
        {
            text.Append("  ").Append(part switch
            {
                ParameterPart { UriEncoded: true } parameter => $"uri_encode \"{Value(parameter)}\"",
                ParameterPart parameter => $"printf '%s' \"{Value(parameter)}\"",
                _ => $"printf '%s' {ShellText.Quote(new KustomizeDialect(plan).Fixed(ValueExpression.Of([part])))}",
            }).Append('\n');
        }
        return text.Append($"}} >{Folder}/{derived.Key}\n").ToString();
    }

    private string Value(ParameterPart part)
    {
        var parameter = plan.Parameter(part.Name);
        return parameter.IsSecret ? $"$(cat {Folder}/{parameter.Key})" : $"$(setting {parameter.Variable})";
    }

    // A component may not read files of the base.
    private string Copy(ContainerConfiguration configuration)
    {
        var folder = $"components/{ObjectNames.Folder(plan, configuration.Workload)}/secrets";
        var keys = configuration.SecretParameters.Select(static p => p.Key).Concat(configuration.Derived.Select(static d => d.Key));
        return $"mkdir -p {folder}\ncp {string.Join(' ', keys.Select(static k => $"{Folder}/{k}"))} {folder}/\n";
    }
}
