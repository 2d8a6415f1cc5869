#!/bin/sh
# Builds the images that docker-compose.yml names and no registry has.
set -eu

usage() {
  cat <<'EOF'
Usage: ./build-images.sh [OPTIONS] [NAME...]

Builds all images, or those named:
  assets: assets/Dockerfile
  worker: worker/Dockerfile
  native: native/Dockerfile
  tool: by hand: nothing says how
  web: ../Web/Web.csproj
  admin: ../Admin/Admin.csproj

  --sources DIR     folder of the Aspire manifest (default: MANIFEST_DIR of .env, else ..)
  --registry NAME   put before every image's name, such as ghcr.io/you
  --tag TAG         the images' tag (default: what docker-compose.yml names)
  --push            push each image to the registry
  --help            show this

Run ./setup.sh first: some images are built with values of .env and secrets/.
It prints the lines that .env needs when the names differ from the default.
EOF
}

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
    assets | worker | native | tool | web | admin)
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

if wanted native; then
  given secrets/token "$(cat secrets/token 2>/dev/null)"
fi
[ -z "$missing" ] || fail "nothing was built, as values are missing:$missing
Run ./setup.sh first, which makes them or asks for them."

if wanted assets; then
  name ASSETS_IMAGE assets latest
  needs assets/Dockerfile
  set -- --file "$sources"/assets/Dockerfile
  docker build --tag "$image" "$@" "$sources"/assets
  finish
fi

if wanted worker; then
  name WORKER_IMAGE worker latest
  needs worker/Dockerfile
  set -- --file "$sources"/worker/Dockerfile
  value=$(
    printf '%s' "$(env_value LEVEL | or_default Info)"
  )
  set -- "$@" --build-arg LEVEL="$value"
  docker build --tag "$image" "$@" "$sources"/worker
  finish
fi

if wanted native; then
  name NATIVE_IMAGE native latest
  needs native/Dockerfile
  set -- --file "$sources"/native/Dockerfile
  set -- "$@" --target final
  value=$(
    printf '%s' b
  )
  set -- "$@" --build-arg A="$value"
  {
    printf '%s' "$(cat secrets/token)"
  } >"$work"/TOKEN
  set -- "$@" --secret 'id=TOKEN',src="$work"/TOKEN
  needs key.pem
  set -- "$@" --secret 'id=PEM',src="$sources"/key.pem
  docker build --tag "$image" "$@" "$sources"/.
  finish
fi

if wanted tool; then
  by_hand tool TOOL_IMAGE tool latest
fi

if wanted web; then
  name WEB_IMAGE web latest
  publish ../Web/Web.csproj
  finish
fi

if wanted admin; then
  name ADMIN_IMAGE admin latest
  publish ../Admin/Admin.csproj
  finish
fi

[ -z "$lines" ] || printf '\nIn .env, unless the names are the default:\n%s\n' "$lines"
