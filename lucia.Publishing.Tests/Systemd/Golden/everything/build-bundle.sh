#!/bin/sh
# Makes the bundle of aspire-app that install.sh installs: these files, and the programs they run. Made by lucia-publish.
set -eu

app='aspire-app'
version='0.1.0'
values_usage='
Environment, for the builds of images:
  LEVEL                   The parameter '\''level'\''. Default: Info
  TOKEN                   The parameter '\''token'\''. Required.'

# Calls given with each value that has to be there: NAME and VALUE.
check_values() {
  given TOKEN "${TOKEN-}"
}

usage() {
  cat <<USAGE
Makes the bundle of $app $version: a folder and a tarball to unpack on the host.

Usage: ./build-bundle.sh --sources DIR [OPTION]... [-- DOTNET-OPTION...]

Options:
  --sources DIR           the folder of the manifest: paths of projects and Dockerfiles are relative to it
  --output DIR            where the bundle goes (default: ./bundle)
  --runtime RID           linux-x64 or linux-arm64 (default: this machine's)
  --framework-dependent   leave .NET out; the host needs the ASP.NET Core runtime then
  --script FILE           a script for whoever runs it, such as one that saves its data; goes along as scripts/NAME, and is
                          installed with the release. May be said more than once
  -h, --help              this help
  -- DOTNET-OPTION...     more options for each "dotnet publish", such as -p:RestoreLockedMode=true
$values_usage
USAGE
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
sources=
output=./bundle
self_contained=true
scripts=
case $(uname -m) in
  aarch64 | arm64) runtime=linux-arm64 ;;
  *) runtime=linux-x64 ;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    --sources | --output | --runtime | --script)
      if [ $# -lt 2 ]; then
        echo "$1 needs a value; see ./build-bundle.sh --help" >&2
        exit 2
      fi
      case $1 in
        --sources) sources=$2 ;;
        --output) output=$2 ;;
        --runtime) runtime=$2 ;;
        --script)
          if [ ! -f "$2" ]; then
            echo "error: there is no script $2; see ./build-bundle.sh --help" >&2
            exit 2
          fi
          # A line each, from the root: the folder changes below.
          scripts="$scripts$(CDPATH='' cd -- "$(dirname -- "$2")" && pwd)/$(basename -- "$2")
"
          ;;
      esac
      shift
      ;;
    --framework-dependent) self_contained=false ;;
    -h | --help)
      usage
      exit 0
      ;;
    --)
      shift
      break
      ;;
    *)
      echo "Unknown option: $1; see ./build-bundle.sh --help" >&2
      exit 2
      ;;
  esac
  shift
done
if [ -z "$sources" ] || [ ! -d "$sources" ]; then
  echo 'error: --sources has to name the folder of the manifest; see ./build-bundle.sh --help' >&2
  exit 2
fi

# given NAME VALUE
given() { [ -n "$2" ] || missing="$missing $1"; }

missing=
check_values
if [ -n "$missing" ]; then
  echo "error: nothing was built, as values are missing in the environment:$missing; see ./build-bundle.sh --help" >&2
  exit 1
fi
mkdir -p "$output"
output=$(CDPATH='' cd -- "$output" && pwd)
bundle=$output/$app-$version-$runtime
cd "$sources"
rm -rf "$bundle"
mkdir "$bundle"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# copy_folder FROM TO [BUT]: all but the bundles that are made in it, and BUT.
copy_folder() {
  from=$(CDPATH='' cd -- "$1" && pwd)
  mkdir -p "$2"
  case $output in
    "$from") made="./$app-$version-*" ;;
    "$from"/*) made=./${output#"$from"/} ;;
    *) made= ;;
  esac
  (cd "$from" && tar -cf - ${made:+"--exclude=$made"} ${3:+"--exclude=$3"} .) | (cd "$2" && tar -xf -)
}

copy_folder "$here" "$bundle" ./bundle
printf '%s' "$scripts" | while IFS= read -r script; do
  mkdir -p "$bundle/scripts"
  cp "$script" "$bundle/scripts/"
  chmod 0755 "$bundle/scripts/$(basename "$script")"
done

say() { printf '%s: %s\n' "$app" "$*" >&2; }

# publish PROJECT FOLDER [OPTION]...
publish() {
  project=$1
  folder=$2
  shift 2
  # Plain files: .NET itself comes compiled, and ReadyToRun or a single file would need minutes or packages more.
  set -- dotnet publish "$project" --configuration Release --runtime "$runtime" --self-contained "$self_contained" \
    --output "$bundle/$folder" -p:PublishDocumentationFiles=false "$@"
  say "building $project (the first time takes a minute)"
  printf '+ %s\n' "$*" >&2
  "$@"
}

# image NAME CONTEXT DOCKERFILE [OPTION]...
image() {
  name=$1
  context=$2
  dockerfile=$3
  shift 3
  say "building the image $name"
  "$(engine)" build --tag "$name" --file "$dockerfile" "$@" "$context"
}

# secret NAME VALUE: a build secret goes by a file, as arguments can be read by every process.
secret() { (umask 077 && printf '%s' "$2" >"$work/$1"); }

value_or() { printf '%s' "${1:-$2}"; }

# One archive of all images; podman load reads what either engine wrote.
save_images() {
  if [ "$(engine)" = podman ]; then
    podman save --multi-image-archive --output "$bundle/images.tar" "$@"
  else
    docker save --output "$bundle/images.tar" "$@"
  fi
}

engine() {
  if command -v podman >/dev/null 2>&1; then
    echo podman
  else
    echo docker
  fi
}

# add SOURCE FOLDER: a file or folder that stands beside the manifest.
add() {
  if [ -d "$1" ]; then
    copy_folder "$1" "$bundle/$2"
  else
    mkdir -p "$bundle/$(dirname "$2")"
    cp "$1" "$bundle/$2"
  fi
}

# GNU tar is told order, time, owner and modes, so that the same files give the same bytes; the time is the last commit's.
pack() {
  say "packing $bundle.tar.gz"
  set -- -cf "$bundle.tar" -C "$output"
  if tar --version 2>/dev/null | grep -q 'GNU tar'; then
    epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 315532800)}
    set -- "$@" --format=gnu --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX
  fi
  tar "$@" "$(basename "$bundle")"
  gzip -nf "$bundle.tar"
  echo "Made $bundle.tar.gz. On the host: tar -xpf $(basename "$bundle").tar.gz && cd $(basename "$bundle") && sudo ./install.sh"
}

# ---- What the bundle holds ------------------------------------------------------------------------
add tool app/tool
publish ../Web/Web.csproj app/web "$@"
publish ../Admin/Admin.csproj app/admin "$@"
image \
  localhost/worker:latest \
  worker \
  worker/Dockerfile \
  --build-arg LEVEL="$(value_or "${LEVEL-}" Info)"
secret native.TOKEN "${TOKEN-}"
image \
  localhost/native:latest \
  . \
  native/Dockerfile \
  --target final \
  --build-arg A=b \
  --secret 'id=TOKEN',src="$work"/native.TOKEN \
  --secret 'id=PEM,src=key.pem'
save_images localhost/worker:latest localhost/native:latest
add ../config mounts/native/etc-native

pack
