using static Lucia.Publishing.Diagnostics.Severity;

namespace Lucia.Publishing.Diagnostics;

/// <summary>
/// Every diagnostic there is: 10xx reading, 12xx shape, 13xx expressions, 14xx planning, 15xx profile, 16xx output,
/// 171x compose, 172x Kubernetes, 173x Helm, 174x systemd. A number is never reused for another meaning.
/// </summary>
public static class DiagnosticCatalogue
{
    public static readonly DiagnosticDefinition Unreadable = new("LUCIA1001", Error, "The manifest cannot be read",
        "The file is missing, is a directory, is larger than 16 MiB or may not be read.",
        "`lucia-publish missing.json`",
        "Give the path of a manifest; `dotnet run --project AppHost -- --publisher manifest --output-path aspire-manifest.json` makes one.");

    public static readonly DiagnosticDefinition InvalidJson = new("LUCIA1002", Error, "The manifest is not valid JSON",
        "The file breaks off, holds a comment, a trailing comma, bytes that are not UTF-8, or nests deeper than 64 levels.",
        "`{ \"resources\": { \"web\": { }` without the closing braces",
        "Mend the JSON at the line and column named, or write the manifest again.");

    public static readonly DiagnosticDefinition NotAManifest = new("LUCIA1003", Error, "The file is JSON, but no Aspire manifest",
        "A manifest is an object with a member `resources` that is an object.",
        "`[]` or `{ \"services\": { } }`",
        "Give an Aspire manifest: an object with a `resources` object.");

    public static readonly DiagnosticDefinition DuplicateName = new("LUCIA1004", Error, "A name occurs twice",
        "JSON readers differ on which of two equal names counts; Aspire's resource names differ in more than upper and lower case.",
        "two resources named `redis`, or `env` with the same variable twice",
        "Remove or rename one of the two.");

    public static readonly DiagnosticDefinition WrongKind = new("LUCIA1005", Error, "A value has the wrong JSON type",
        "The manifest's format wants another type here.",
        "`\"args\": \"--verbose\"` instead of a list",
        "Write the value as the type named.");

    public static readonly DiagnosticDefinition MissingType = new("LUCIA1006", Error, "A resource has no type",
        "Every resource says by `type` what it is.",
        "`\"web\": { \"image\": \"nginx\" }`",
        "Add the `type`, such as `container.v0`.");

    public static readonly DiagnosticDefinition MissingProperty = new("LUCIA1007", Error, "A required property is missing",
        "The resource cannot be understood without it.",
        "a `project.v0` without `path`",
        "Add the property.");

    public static readonly DiagnosticDefinition NotGenerated = new("LUCIA1008", Error, "Aspire could not write this resource",
        "The manifest holds an `error` in the resource's place: its integration has nothing to say for a deployment.",
        "`\"clock\": { \"error\": \"This resource does not support generation in the manifest.\" }`",
        "Call `.ExcludeFromManifest()` on the resource in the AppHost, or publish with `--skip-unsupported`.");

    public static readonly DiagnosticDefinition UnsupportedType = new("LUCIA1009", Error, "The resource's type is not supported",
        "No target can express it: it belongs to a cloud (azure.bicep, aws.cloudformation), to Dapr, to an old preview of Aspire, or is custom.",
        "`\"type\": \"azure.bicep.v0\"`",
        "Replace it by a container or a parameter when publishing (`.PublishAsConnectionString()`, `.RunAsContainer()`), or publish with `--skip-unsupported`; "
        + "values that came from it are then asked for.");

    public static readonly DiagnosticDefinition InvalidName = new("LUCIA1010", Error, "A name is not valid",
        "Resource, binding and input names are letters, digits and hyphens and begin with a letter.",
        "`\"my resource\": { … }`",
        "Rename it in the AppHost.");

    public static readonly DiagnosticDefinition UnknownProperty = new("LUCIA1011", Warning, "A property is not known",
        "It is not part of the public format and is not carried over; often a misspelling.",
        "`\"enviroment\": { … }`",
        "Correct or remove it.");

    public static readonly DiagnosticDefinition NotCarried = new("LUCIA1012", Notice, "A property belongs to another platform",
        "It says how another tool deploys the resource, and has no meaning for these targets.",
        "`\"deployment\": { \"type\": \"azure.bicep.v0\" }` of a `project.v1`",
        "Nothing to do.");

    public static readonly DiagnosticDefinition InvalidPort = new("LUCIA1201", Error, "A port is not valid",
        "Ports are whole numbers from 1 to 65535.",
        "`\"targetPort\": 70000`",
        "Give a port from 1 to 65535.");

    public static readonly DiagnosticDefinition UnknownWord = new("LUCIA1202", Error, "A word is not one of those allowed",
        "The format allows a few words here.",
        "`\"protocol\": \"quic\"`",
        "Use one of the words listed.");

    public static readonly DiagnosticDefinition InvalidMount = new("LUCIA1203", Error, "A mount is not valid",
        "Mount targets are absolute paths inside the container, each used once, and leave the container's own places alone.",
        "`\"target\": \"data\"` or two volumes at `/data`",
        "Give each mount its own absolute path.");

    public static readonly DiagnosticDefinition InvalidImage = new("LUCIA1204", Error, "An image reference is not valid",
        "An image is `[registry/]name[:tag][@digest]` in lower case.",
        "`\"image\": \"My Image\"`",
        "Correct the reference.");

    public static readonly DiagnosticDefinition InvalidVariable = new("LUCIA1205", Error, "An environment variable's name is not valid",
        "A name is not empty and has no `=`, no space, no quote and no control character.",
        "`\"env\": { \"A=B\": \"1\" }`",
        "Rename the variable.");

    public static readonly DiagnosticDefinition NoImage = new("LUCIA1206", Error, "A container has neither image nor build, or both",
        "A `container.v0` needs `image`; a `container.v1` needs either `image` or `build`.",
        "`{ \"type\": \"container.v1\" }`",
        "Give exactly one of the two.");

    public static readonly DiagnosticDefinition InvalidGenerate = new("LUCIA1207", Error, "A generated value's recipe is not valid",
        "`minLength` is 1 to 1024, the minima are not negative and fit into it, and at least one kind of character is allowed.",
        "`\"generate\": { \"minLength\": 0 }`",
        "Correct the recipe.");

    public static readonly DiagnosticDefinition InvalidText = new("LUCIA1208", Error, "A text holds a character nothing can carry",
        "A NUL character ends a value in environments, arguments and paths.",
        "`\"env\": { \"A\": \"\\u0000\" }`",
        "Remove the character.");

    public static readonly DiagnosticDefinition MalformedExpression = new("LUCIA1301", Error, "An expression is malformed",
        "An expression is `{resource.path}`: no spaces, no empty part, and the brace is closed.",
        "`{redis.bindings.tcp.host`",
        "Write it as `{resource.path}`.");

    public static readonly DiagnosticDefinition UnknownResource = new("LUCIA1302", Error, "An expression names an unknown resource",
        "There is no resource of that name, so the value cannot be known. It would otherwise end up in the output as it stands.",
        "`{rediss.bindings.tcp.host}`",
        "Correct the name, or add the resource.");

    public static readonly DiagnosticDefinition UnknownReferenceProperty = new("LUCIA1303", Error, "An expression names a property that cannot be referred to",
        "References are `bindings.<name>.<property>`, `connectionString`, `value`, `inputs.<name>`, `containerImage` and `containerPort`.",
        "`{redis.hostname}`",
        "Use one of the properties listed.");

    public static readonly DiagnosticDefinition UnknownBinding = new("LUCIA1304", Error, "An expression names an unknown binding",
        "The resource has no binding of that name.",
        "`{redis.bindings.http.host}`",
        "Use one of the resource's bindings, or add it.");

    public static readonly DiagnosticDefinition UnknownBindingProperty = new("LUCIA1305", Error, "An expression names an unknown property of a binding",
        "A binding has host, port, targetPort, scheme, url, hostAndPort and tlsEnabled.",
        "`{redis.bindings.tcp.address}`",
        "Use one of the properties listed.");

    public static readonly DiagnosticDefinition UnknownInput = new("LUCIA1306", Error, "An expression names an unknown input",
        "The resource has no input of that name.",
        "`{password.inputs.secret}`",
        "Use one of the resource's inputs.");

    public static readonly DiagnosticDefinition Cycle = new("LUCIA1307", Error, "Expressions refer to each other in a circle",
        "None of the values can be known.",
        "`a.connectionString` is `{b.connectionString}` and the other way round",
        "Break the circle.");

    public static readonly DiagnosticDefinition NoValue = new("LUCIA1308", Error, "An expression asks for a value the resource does not have",
        "The resource is there, but has no `connectionString` (or `value`).",
        "`{web.connectionString}` of a project",
        "Refer to one of its bindings, or give it a connection string.");

    public static readonly DiagnosticDefinition TooLarge = new("LUCIA1309", Error, "An expression grows beyond every use",
        "Its expansion has more than 10,000 parts or a million characters, or nests deeper than 250 references, which only a mistake or an attack makes.",
        "thirty values, each of which names the one before it twice",
        "Simplify the expressions.");

    public static readonly DiagnosticDefinition EncodedTwice = new("LUCIA1310", Error, "A secret is URI-encoded twice",
        "The `uri` filter is applied to a value that already passed it; no target composes that.",
        "an `annotated.string` whose value is another `annotated.string`",
        "Apply the filter once.");

    public static readonly DiagnosticDefinition OutsideAddress = new("LUCIA1311", Warning, "The address of something outside is asked for",
        "The resource is a connection string that the user brings, so the manifest does not know host, port or url. Each becomes a setting of its own.",
        "`{sql.bindings.tcp.host}` where `sql` is a `parameter.v0`",
        "Fill in the setting when deploying.");

    public static readonly DiagnosticDefinition BracesKept = new("LUCIA1312", Notice, "Braces are kept as text",
        "The text in braces is no reference (no `resource.path`), so it goes into the output as it is.",
        "`/catalog/{**catch-all}`",
        "Nothing to do, if it was meant so.");

    public static readonly DiagnosticDefinition SecretArgument = new("LUCIA1401", Error, "A secret flows into an argument",
        "Arguments can be read by every process of the machine and are stored in plain text by every orchestrator.",
        "`\"args\": [ \"--password\", \"{db-password.value}\" ]`",
        "Hand it over as an environment variable or a file, or give the workload a better command in the deployment profile.");

    public static readonly DiagnosticDefinition NameCollision = new("LUCIA1402", Error, "Two names become the same",
        "Targets allow fewer characters than Aspire does (lower case, digits, hyphens; 63 characters).",
        "the resources `My-App` and `my-app`",
        "Rename one of the two.");

    public static readonly DiagnosticDefinition DependencyCycle = new("LUCIA1403", Notice, "Workloads depend on each other in a circle",
        "They refer to each other, so neither can wait for the other; the later one starts without waiting.",
        "`a` has `b`'s url and `b` has `a`'s",
        "Nothing to do, if both can stand the other's absence at the start.");

    public static readonly DiagnosticDefinition HttpsBecomesHttp = new("LUCIA1404", Notice, "https without a certificate becomes http",
        "Inside a deployment nothing hands a certificate to the workload; TLS ends at the ingress or the reverse proxy.",
        "a project's binding `https`",
        "Put TLS in front: an ingress, Caddy, Traefik.");

    public static readonly DiagnosticDefinition PortAssigned = new("LUCIA1405", Notice, "A target port was assigned",
        "The binding names none; HTTP gets 8080 upward.",
        "`\"http\": { \"scheme\": \"http\" }` without `targetPort`",
        "Nothing to do; name a target port if the workload listens elsewhere.");

    public static readonly DiagnosticDefinition SecurityOpen = new("LUCIA1406", Notice, "A container keeps its image's user, capabilities and writable root",
        "Nothing is known about the image, and a wrong guess would keep it from starting. It still has no-new-privileges, limits and the internal network.",
        "an image that is not in the table of known images",
        "Give `security` (user, group, readOnlyRoot, writable) in the deployment profile.");

    public static readonly DiagnosticDefinition HealthOpen = new("LUCIA1407", Notice, "Nothing is known about a workload's health",
        "The manifest cannot say it and the image is not known, so dependents wait for its start only (Kubernetes checks that its port is open).",
        "an image that is not in the table of known images",
        "Give `health` in the deployment profile.");

    public static readonly DiagnosticDefinition ExecutableNeedsImage = new("LUCIA1408", Warning, "An executable has no image",
        "systemd runs the command itself; in a container somebody has to put the program into an image first.",
        "`\"type\": \"executable.v0\"`",
        "Call `.PublishAsDockerFile()` in the AppHost, or build an image with the command in it and name it in the setting.");

    public static readonly DiagnosticDefinition UnusedParameter = new("LUCIA1409", Notice, "A parameter is not used",
        "No workload gets it, so it is left out of the settings.",
        "a `parameter.v0` that nothing refers to",
        "Remove it, or hand it to a workload.");

    public static readonly DiagnosticDefinition NothingToDeploy = new("LUCIA1410", Error, "There is nothing to deploy",
        "The manifest has no container, project or executable that could be published.",
        "a manifest of parameters only",
        "Add a workload.");

    public static readonly DiagnosticDefinition SecretDefault = new("LUCIA1411", Warning, "A secret's default value is not written",
        "The manifest carries the value of a secret in plain text. It is asked for instead.",
        "`\"secret\": true, \"default\": { \"value\": \"…\" }`",
        "Remove the value from the AppHost, and change it: it has been written to a file.");

    public static readonly DiagnosticDefinition SkippedReference = new("LUCIA1412", Warning, "A value of a skipped resource is asked for",
        "The resource it came from is left out, so a person has to bring the value. It is treated as a secret, as its origin is not known.",
        "`{storage.outputs.blobEndpoint}` with `--skip-unsupported`",
        "Fill in the setting when deploying.");

    public static readonly DiagnosticDefinition Skipped = new("LUCIA1413", Warning, "A resource is left out",
        "It is not supported and `--skip-unsupported` was given.",
        "an `azure.bicep.v0` with `--skip-unsupported`",
        "See to it that what it stands for exists.");

    public static readonly DiagnosticDefinition FloatingImage = new("LUCIA1414", Notice, "An image is not pinned",
        "Without a tag, or with `latest`, the same files deploy something else tomorrow.",
        "`\"image\": \"alpine:latest\"`",
        "Name a version in the AppHost (`.WithImageTag(…)`).");

    public static readonly DiagnosticDefinition CommandImproved = new("LUCIA1415", Notice, "A command was changed to keep a password out of arguments",
        "The server reads its configuration from standard input instead, and runs as process 1.",
        "`redis-server --requirepass $REDIS_PASSWORD`",
        "Nothing to do.");

    public static readonly DiagnosticDefinition MachinePath = new("LUCIA1416", Warning, "A bind mount names a path of one machine",
        "The path is absolute, so the machine that is deployed to needs it in the same place.",
        "`\"source\": \"C:\\\\data\"`",
        "Use a path beside the manifest, or a volume.");

    public static readonly DiagnosticDefinition FilesNotCopied = new("LUCIA1417", Warning, "Files of another container go into this image",
        "`containerFiles` copies a build's result into the image; a build script of one image cannot do that.",
        "a project that serves the result of a JavaScript build",
        "Add a `COPY --from=` of the named image to the image's own Dockerfile.");

    public static readonly DiagnosticDefinition GeneratedIsSecret = new("LUCIA1418", Notice, "A generated value counts as secret",
        "It has to differ between deployments and to stay over every upgrade, which is what each target does with a secret: generate it once, and keep it out of files that are shared.",
        "`\"default\": { \"generate\": { \"minLength\": 12 } }` of an input without `\"secret\": true`",
        "Nothing to do; mark the parameter as secret in the AppHost to be told no more.");

    public static readonly DiagnosticDefinition PortRaised = new("LUCIA1419", Notice, "A port of the host is above 1023",
        "Neither rootless engines nor services without capabilities can listen below; clusters are not concerned.",
        "`\"targetPort\": 80, \"external\": true`",
        "Put a reverse proxy in front for 80 and 443, or name another port by its setting (`NAME_PORT`), or by `externalPort` in the deployment profile.");

    public static readonly DiagnosticDefinition NameGuessed = new("LUCIA1420", Notice, "The application is called as its folder",
        "Nobody gave it a name. Compose project, namespace, release and folders on a host are called so, and have to differ from those of other applications.",
        "a manifest without a deployment profile, and no `--name`",
        "Give `--name NAME`, or `application` in the deployment profile, to keep it when the folder is renamed.");

    public static readonly DiagnosticDefinition ProfileUnknownName = new("LUCIA1501", Error, "The deployment profile names something unknown",
        "The workload, parameter, endpoint, volume or dependency is not in the manifest.",
        "`\"workloads\": { \"rediss\": { … } }`",
        "Correct the name.");

    public static readonly DiagnosticDefinition ProfileInvalid = new("LUCIA1502", Error, "The deployment profile has an invalid value",
        "The value does not fit the profile's format.",
        "`\"limits\": { \"memory\": \"lots\" }`",
        "Write it as the documentation of the profile says.");

    public static readonly DiagnosticDefinition ProfileTwice = new("LUCIA1503", Error, "There are two deployment profiles",
        "Only one resource of type `lucia.deployment.v0` can count.",
        "two resources of that type",
        "Merge them.");

    public static readonly DiagnosticDefinition LeftoverExpression = new("LUCIA1601", Error, "An expression is left in an output",
        "A value was not rendered. This is a fault of the publisher; nothing was written.",
        "`{redis.bindings.tcp.host}` in a generated file",
        "Please report it with the manifest.");

    public static readonly DiagnosticDefinition OutputClash = new("LUCIA1602", Error, "An output file is not possible",
        "Two files have the same path, or a path leaves the output folder or belongs to the user.",
        "two workloads that write the same file",
        "Rename one of the workloads.");

    public static readonly DiagnosticDefinition NotExpressible = new("LUCIA1603", Error, "A target cannot express this",
        "The construct has no counterpart on the target.",
        "a bind mount of a device on Kubernetes",
        "Leave the target out, or change the model.");

    public static readonly DiagnosticDefinition CannotWrite = new("LUCIA1604", Error, "The output folder cannot be written",
        "A file or folder is in the way, or may not be written. What was there before is still there.",
        "`--output /etc`",
        "Give a folder that may be written.");

    public static readonly DiagnosticDefinition NotOurs = new("LUCIA1605", Error, "A file is in the way that was not generated",
        "Publishing replaces what it made itself, as the folder's `.generated` lists it, and nothing else. Nothing was written.",
        "`--output .` beside a `compose/docker-compose.yml` that somebody wrote",
        "Move the file away, or give another folder.");

    public static readonly DiagnosticDefinition Fault = new("LUCIA1606", Error, "The publisher failed",
        "This is a mistake of the publisher, not of the manifest. Nothing was written.",
        "an exception that nobody foresaw",
        "Please report it with this line and, if it may be shown, the manifest: https://github.com/seiggy/lucia-dotnet/issues");

    public static readonly DiagnosticDefinition ComposeReplicas = new("LUCIA1711", Notice, "One replica runs on compose",
        "A port of the host belongs to one container, and compose has nothing that would share it out.",
        "`\"replicas\": 2` of a workload with an external endpoint",
        "Nothing to do; Kubernetes runs as many as are asked for.");

    public static readonly DiagnosticDefinition SystemdFileClash = new("LUCIA1740", Error, "Two configuration files of a unit have the same name",
        "A systemd unit gets its files side by side in one folder (`${CREDENTIALS_DIRECTORY}`).",
        "`/etc/a/app.conf` and `/etc/b/app.conf`",
        "Rename one of the two under `systemd.files` of the deployment profile.");

    public static readonly DiagnosticDefinition SystemdOneReplica = new("LUCIA1741", Notice, "systemd runs one replica",
        "A host runs each service once.",
        "`\"replicas\": 2`",
        "Nothing to do; use Kubernetes where more than one has to run.");

    public static readonly DiagnosticDefinition SystemdMountInRelease = new("LUCIA1742", Warning, "What a container writes to a bind mount is lost with the release",
        "A path beside the manifest becomes part of the bundle, of which every upgrade brings a new one.",
        "`\"source\": \"./data\", \"readOnly\": false`",
        "Use a volume, or an absolute path of the host.");

    public static readonly DiagnosticDefinition SystemdUdpToHost = new("LUCIA1743", Warning, "A container cannot reach a UDP endpoint of the host",
        "Services of the host listen at loopback; only TCP is led there from the containers' network.",
        "a container that sends to a project's UDP endpoint",
        "Let the project listen at the address of the containers' gateway, or run both in containers.");

    public static readonly DiagnosticDefinition PodSecurityBaseline = new("LUCIA1720", Notice, "The namespace is admitted at Pod Security level baseline",
        "The level restricted admits only pods that name a non-root user and drop all capabilities; some workload's image is not known that well.",
        "an image that is not in the table of known images",
        "Give `security` (user, group, writable) of those workloads in the deployment profile; the namespace then becomes restricted.");

    public static readonly DiagnosticDefinition MountReadOnly = new("LUCIA1721", Warning, "A writable bind mount becomes read-only",
        "A cluster has no folder beside the manifest; the files are copied into a Secret, which is read-only, flat and at most 1 MiB.",
        "`\"bindMounts\": [ { \"source\": \"data\", \"target\": \"/data\", \"readOnly\": false } ]`",
        "Use a volume for what is written; mark the bind mount read-only when nothing is.");

    public static readonly DiagnosticDefinition SharedVolume = new("LUCIA1722", Warning, "Workloads share a volume",
        "The claim is ReadWriteOnce, which every cluster has; all of its workloads then have to run on one node.",
        "two containers that mount the volume `data`",
        "Fine on a single node. Else patch the claim's access mode to ReadWriteMany where the storage class has it.");

    public static readonly DiagnosticDefinition MountGuessed = new("LUCIA1723", Notice, "A bind mount is taken for a file or a folder by its name",
        "A file is mounted by itself, a folder as a whole. The publisher does not look at the disk, and the manifest does not tell.",
        "`\"source\": \"../conf.d\"`",
        "Say it as `bindMounts` of the workload in the deployment profile, by the path in the container: `\"bindMounts\": { \"/etc/app/conf.d\": { \"file\": false } }`.");

    public static readonly DiagnosticDefinition IngressToHttps = new("LUCIA1724", Notice, "The Ingress leads to an https endpoint",
        "Most controllers speak http to what is behind them unless they are told; how to tell them is not part of the Ingress.",
        "`\"https\": { \"scheme\": \"https\", \"targetPort\": 8443, \"external\": true }` without an external http endpoint",
        "Add an external http endpoint, or annotate the Ingress for your controller, such as `nginx.ingress.kubernetes.io/backend-protocol: HTTPS`.");

    public static readonly DiagnosticDefinition NoChartTest = new("LUCIA1730", Notice, "`helm test` has nothing to run",
        "A test runs in a workload's own image, which has to bring a check that asks an address; no image of this application is known to.",
        "no external HTTP endpoint, or a `check` without `--healthcheck`, `localhost` or `127.0.0.1`",
        "Give the workload a `health.check` command such as `app --healthcheck`, which takes the address as its last argument.");

    /// <summary>All entries, by number.</summary>
    public static IReadOnlyList<DiagnosticDefinition> All { get; } =
    [
        Unreadable, InvalidJson, NotAManifest, DuplicateName, WrongKind, MissingType, MissingProperty, NotGenerated, UnsupportedType,
        InvalidName, UnknownProperty, NotCarried,
        InvalidPort, UnknownWord, InvalidMount, InvalidImage, InvalidVariable, NoImage, InvalidGenerate, InvalidText,
        MalformedExpression, UnknownResource, UnknownReferenceProperty, UnknownBinding, UnknownBindingProperty, UnknownInput, Cycle, NoValue,
        TooLarge, EncodedTwice, OutsideAddress, BracesKept,
        SecretArgument, NameCollision, DependencyCycle, HttpsBecomesHttp, PortAssigned, SecurityOpen, HealthOpen, ExecutableNeedsImage,
        UnusedParameter, NothingToDeploy, SecretDefault, SkippedReference, Skipped, FloatingImage, CommandImproved, MachinePath, FilesNotCopied, GeneratedIsSecret, PortRaised, NameGuessed,
        ProfileUnknownName, ProfileInvalid, ProfileTwice,
        LeftoverExpression, OutputClash, NotExpressible, CannotWrite, NotOurs, Fault,
        ComposeReplicas, SystemdFileClash, SystemdOneReplica, SystemdMountInRelease, SystemdUdpToHost,
        PodSecurityBaseline, MountReadOnly, SharedVolume, MountGuessed, IngressToHttps, NoChartTest,
    ];
}
