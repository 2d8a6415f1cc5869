namespace Lucia.Publishing.Compose;

/// <summary>POSIX shell functions that read and write compose's <c>.env</c> by the grammar of <see cref="Text.EnvFileText"/>.</summary>
internal static class EnvFileFunctions
{
    /// <summary><c>env_value NAME</c> writes the value of the last <c>NAME=</c> in <c>.env</c>; nothing where there is none.</summary>
    public const string Read = """
        # Writes the value of a variable of .env, without quotes and comments.
        env_value() {
          [ -f .env ] || return 0
          LC_ALL=C awk -v name="$1" '
            { sub(/\r$/, ""); line = $0; sub(/^[ \t]*(export[ \t]+)?/, "", line) }
            index(line, name "=") == 1 { found = 1; text = substr(line, length(name) + 2) }
            END {
              if (!found) exit
              sub(/^[ \t]+/, "", text)
              quote = substr(text, 1, 1)
              if (quote != "\"" && quote != "\047") {
                if (text ~ /^#/) exit
                sub(/[ \t]+#.*$/, "", text)
                sub(/[ \t]+$/, "", text)
                printf "%s", text
                exit
              }
              for (i = 2; i <= length(text); i++) {
                c = substr(text, i, 1)
                if (c == quote) exit
                if (c == "\\" && i < length(text)) {
                  c = substr(text, ++i, 1)
                  if (quote == "\"") c = c == "n" ? "\n" : c == "r" ? "\r" : c == "t" ? "\t" : (c == "\\" || c == "\"" || c == "$") ? c : "\\" c
                  else if (c != quote) c = "\\" c
                }
                printf "%s", c
              }
            }' .env
        }

        """;

    /// <summary><c>env_set NAME VALUE</c> replaces or adds a line of <c>.env</c>.</summary>
    public const string Write = """
        # Quotes a value for .env. Compose would expand a dollar and cut at a hash without quotes.
        env_quote() {
          case $1 in
            *[!A-Za-z0-9_./:@%+,=-]*) ;;
            *) printf '%s' "$1"; return ;;
          esac
          if printf '%s' "$1" | LC_ALL=C awk '/[\\\047]/ { special = 1 } END { exit !(special || NR > 1) }'; then
            printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"$]/\\&/g' | awk '{ printf "%s%s", separator, $0; separator = "\\n" }')"
          else
            printf "'%s'" "$1"
          fi
        }

        # Sets a variable of .env in its place, or at the end. The value is in no program's arguments.
        env_set() {
          { printf '%s=' "$1"; env_quote "$2"; printf '\n'; } | LC_ALL=C awk -v name="$1" '
            NR == 1 { setting = $0; next }
            index($0, name "=") == 1 { if (!done) print setting; done = 1; next }
            { print }
            END { if (!done) print setting }' - .env >.env.new
          mv -f .env.new .env
        }

        """;
}
