using Naru.HubServer.Site.Models;

namespace Naru.Tests.Hub.Site;

/// <summary>What pages are shown with in tests: a small registry with everything in it that a page can show.</summary>
internal static class SampleModels
{
    public const string Bottom = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    public const string Packages = "sha256:2222222222222222222222222222222222222222222222222222222222222222";
    public const string App = "sha256:4444444444444444444444444444444444444444444444444444444444444444";
    public const string Manifest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string OtherManifest = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

    public static readonly DateTime Now = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    private const string Readme = """
        # Weather station

        Collects readings from sensors and answers over **HTTP**. Small: one process, one file.

        ## Run it

        ```sh
        docker run -d -p 8080:8080 -v weather:/data harbour/weather:2.4
        ```

        | variable | meaning | default |
        |---|---|---|
        | `INTERVAL` | seconds between readings | `60` |
        | `STATION` | the name of the station | `here` |

        - [x] Reads BME280 and SHT31
        - [ ] Reads rain gauges

        > A reading is kept for a year. See the [manual](https://example.org/manual) for more.

        <script>alert('no')</script> ![badge](https://example.org/badge.svg)
        """;

    public static HomeModel Home { get; } = new(
        [
            Card("library/debian", "A small system to build on, brought up to date every week.", 48_210_331, 2),
            Card("library/python", "Python with its package manager, on Debian.", 31_900_112, 20),
            Card("library/postgres", "The database, with its command line. Keeps its files in /var/lib/postgresql.", 22_804_551, 70),
            Card("harbour/weather", "Collects readings from sensors and answers over HTTP.", 1_240_900, 1),
            Card("harbour/tide-tables", "", 86_411, 400),
            Card("seoul/map-server", "서울의 지도를 조각으로 나누어 보내는 서버입니다. 벡터와 래스터를 모두 지원합니다.", 0, 3),
        ],
        [
            Card("harbour/weather", "Collects readings from sensors and answers over HTTP.", 1_240_900, 1),
            Card("keeper/notes", "Notes in plain files, synchronised.", 12, 5) with { Private = true },
            Card("mirror/alpine", "", 904, 9) with { Mirror = true },
        ], 1284);

    public static SearchModel Search { get; } = new("weather", [Card("harbour/weather", "Collects readings from sensors and answers over HTTP.", 1_240_900, 1), Card("keeper/weather-map", "Draws maps of readings.", 1, 50)], 1, true);

    public static RepositoryModel Repository { get; } = new()
    {
        Card = Card("harbour/weather", "Collects readings from sensors and answers over HTTP.", 1_240_900, 1),
        Readme = Readme,
        TagCount = 14,
        PullTag = "2.4",
        Size = 412_800_911,
        MayAdminister = true,
        More = true,
        Tags =
        [
            Tag("2.4", 1, true), Tag("2.4.1-rc1", 3, true), Tag("latest", 1, true), Tag("2.3", 40, false),
            new TagRow { Name = "charts", Digest = OtherManifest, Pushed = Now.AddDays(-90), ArtifactType = "application/vnd.cncf.helm.config.v1+json" },
        ],
    };

    public static TagModel Image { get; } = new()
    {
        Repository = "harbour/weather",
        Reference = "2.4",
        Digest = Manifest,
        Shown = new PlatformRow("linux/amd64", Manifest, 141_802_113),
        MediaType = "application/vnd.oci.image.manifest.v1+json",
        Pushed = Now.AddHours(-20),
        Created = Now.AddHours(-21),
        Platforms = [new("linux/amd64", Manifest, 141_802_113), new("linux/arm64/v8", OtherManifest, 137_550_001)],
        Layers =
        [
            Layer(Bottom, 74_800_211, "ADD", "rootfs.tar.xz /", 8_411, 0, 0),
            new LayerRow { Word = "CMD", Arguments = "[\"bash\"]" },
            new LayerRow { Word = "ENV", Arguments = "LANG=C.UTF-8 PYTHONUNBUFFERED=1" },
            Layer(Packages, 48_230_110, "RUN", "apt-get update && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates && rm -rf /var/lib/apt/lists/*", 2_310, 88, 12),
            new LayerRow { Word = "WORKDIR", Arguments = "/srv" },
            Layer("sha256:3333333333333333333333333333333333333333333333333333333333333333", 12_100_004, "RUN", "python3 -m venv /venv && /venv/bin/pip install -r requirements.txt", 1_911, 0, 0),
            Layer(App, 6_610_344, "COPY", "--chown=app:app . /srv", 143, 3, 1),
            Layer("sha256:5555555555555555555555555555555555555555555555555555555555555555", 61_444, "RUN", "rm -rf /srv/tests && adduser --system app", 4, 2, 36),
            new LayerRow { Word = "USER", Arguments = "app" },
            new LayerRow { Word = "ENTRYPOINT", Arguments = "[\"/venv/bin/python\", \"-m\", \"weather\"]" },
        ],
        Config =
        [
            new("User", "app"), new("Working directory", "/srv"), new("Entrypoint", "[\"/venv/bin/python\", \"-m\", \"weather\"]"),
            new("Ports", "8080/tcp"), new("Volumes", "/data"),
        ],
        Environment = ["PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "PYTHONUNBUFFERED=1"],
        Labels = [new("org.opencontainers.image.source", "https://example.org/harbour/weather"), new("org.opencontainers.image.licenses", "Apache-2.0")],
        Referrers =
        [
            new("application/vnd.dev.cosign.artifact.sig.v1+json", OtherManifest, 2_410, Now.AddHours(-19)),
            new("application/spdx+json", OtherManifest, 811_204, Now.AddHours(-19)),
            new("https://slsa.dev/provenance/v1", OtherManifest, 14_020, Now.AddHours(-19)),
        ],
        MayDelete = true,
        OtherTags = ["latest", "2.3", "2.2"],
        Files = Files(""),
    };

    public static FilesModel Files(string folder) => new()
    {
        LayerDigest = App,
        Folder = folder,
        Entries = folder switch
        {
            "" => [Folder("etc", FileChange.Same, 1_204), Folder("srv", FileChange.Same, 9_180_222)],
            "etc" => [File("etc/passwd", FileChange.Changed, 1_204)],
            "srv" =>
            [
                Folder("srv/weather", FileChange.Added, 88_120), Folder("srv/static", FileChange.Added, 9_040_100), File("srv/README.md", FileChange.Changed, 4_210), File("srv/latest", FileChange.Added, 0) with { Target = "weather/app.py", Mode = "lrwxrwxrwx" },
                File("srv/old.cfg", FileChange.Hidden, 0), File("srv/requirements.txt", FileChange.Added, 310),
            ],
            "srv/weather" => [File("srv/weather/__init__.py", FileChange.Added, 0), File("srv/weather/app.py", FileChange.Added, 31_400), File("srv/weather/sensors.py", FileChange.Added, 56_720)],
            "srv/static" => [File("srv/static/app.css", FileChange.Added, 40_100), File("srv/static/map.png", FileChange.Added, 9_000_000)],
            _ => [],
        },
    };

    public static CompareModel Compare { get; } = new()
    {
        Repository = "harbour/weather",
        From = "2.3",
        To = "2.4",
        Tags = ["2.4", "latest", "2.3", "2.2"],
        Compared = new ComparedModel
        {
            Platform = "linux/amd64",
            FromSize = 138_120_002,
            ToSize = 141_802_113,
            Layers =
            [
                new(ComparedSide.Both, Bottom, 74_800_211, "ADD", "rootfs.tar.xz /"), new(ComparedSide.Both, Packages, 48_230_110, "RUN", "apt-get update && apt-get install -y python3 python3-venv"),
                new(ComparedSide.From, App, 8_418_891, "COPY", ". /srv"), new(ComparedSide.To, Manifest, 12_100_004, "RUN", "pip install -r requirements.txt"), new(ComparedSide.To, OtherManifest, 6_610_344, "COPY", "--chown=app:app . /srv"),
            ],
            Config = [new("User", null, "app"), new("Entrypoint", "[\"python3\"]", "[\"/venv/bin/python\", \"-m\", \"weather\"]")],
            Files =
            [
                new("etc/passwd", FileChange.Changed, 1_170, 1_204), new("srv/weather/app.py", FileChange.Changed, 28_110, 31_400), new("srv/weather/sensors.py", FileChange.Added, null, 56_720),
                new("srv/setup.cfg", FileChange.Hidden, 812, null), new("srv/static/app.css", FileChange.Changed, 38_000, 40_100), new("venv/bin/python", FileChange.Added, null, 7), new("venv/bin/pip", FileChange.Added, null, 240),
                new("venv/pyvenv.cfg", FileChange.Added, null, 90), new("srv/old.cfg", FileChange.Hidden, 1_000, null),
            ],
        },
    };

    public static AccountModel Account { get; } = new()
    {
        Name = "harbour",
        FullName = "Harbour Office",
        Description = "Tides, weather and who comes in, for whoever is at sea.",
        Organisation = true,
        Created = Now.AddYears(-2),
        Related = ["keeper", "pilot", "deckhand"],
        MayAdminister = true,
        MayCreate = true,
        MayLeave = true,
        Repositories = [Card("harbour/weather", "Collects readings from sensors and answers over HTTP.", 1_240_900, 1), Card("harbour/tide-tables", "", 86_411, 400)],
    };

    public static SettingsModel Settings { get; } = new()
    {
        Name = "keeper",
        FullName = "Harbour keeper",
        Email = "keeper@example.org",
        NewToken = "naru_pat_k2v9m4xq7d1s8f3h6j0w5z",
        Quota = new QuotaModel(4_100_000_000, 10_000_000_000),
        Tokens = [new(1, "laptop", "repo:write", Now.AddDays(-30), Now.AddDays(60), Now.AddHours(-2)), new(2, "build server", "repo:read", Now.AddDays(-200), null, null)],
        Logins = [new("1", "127.0.0.1", "Firefox · Linux", Now.AddDays(-3), Now.AddMinutes(-1), true), new("2", "192.0.2.14", "Safari · iPhone", Now.AddDays(-30), Now.AddDays(-6), false)],
    };

    public static RobotsModel Robots { get; } = new()
    {
        Account = "harbour",
        NewName = "harbour+crane",
        NewToken = "naru_bot_m4xq7d1s8f3h6j0w5zk2v9",
        Robots = [new(3, "crane", "repo:write repository:harbour/weather", Now.AddDays(-1), Now.AddDays(89), null), new(4, "mirror", "repo:read", Now.AddDays(-90), null, Now.AddHours(-1))],
    };

    public static OrganisationModel Organisation { get; } = new()
    {
        Name = "harbour",
        FullName = "Harbour Office",
        Description = "Tides, weather and who comes in, for whoever is at sea.",
        Email = "office@example.org",
        PrivateByDefault = true,
        Quota = new QuotaModel(310_000_000_000, 500_000_000_000),
        Repositories = 14,
    };

    public static AuditModel Audit { get; } = new()
    {
        Account = "keeper",
        Before = 4_100,
        Later = true,
        Rows =
        [
            new(Now.AddMinutes(-2), "keeper", "192.0.2.14", "manifest.push", "harbour/weather", $"2.4 {Manifest}"), new(Now.AddHours(-1), "harbour+crane", "2001:db8::4:12", "tag.delete", "harbour/weather", $"2.1 {OtherManifest}"),
            new(Now.AddHours(-5), "keeper", "192.0.2.14", "token.create", "harbour", "robot crane: repo:write repository:harbour/weather"), new(Now.AddDays(-1), "", "198.51.100.7", "sign-in.failed", "keeper", "wrong password"),
            new(Now.AddDays(-3), "keeper", "192.0.2.14", "member.add", "harbour", "pilot: member"), new(Now.AddDays(-40), "operator", "local", "gc.run", "", "1,204 removed"),
        ],
    };

    public static AccountAdminModel AccountAdmin { get; } = new()
    {
        User = new UserRow("pilot", "항구 안내원", "pilot@example.org", false, false, true, Now.AddYears(-1)),
        Quota = new QuotaModel(4_100_000_000, 10_000_000_000),
        OwnLimit = "10 GB",
        Repositories = 14,
        Tokens = 3,
    };

    public static TeamsModel Teams { get; } = new()
    {
        Organisation = "harbour",
        Members = [new("keeper", "owner"), new("pilot", "member"), new("deckhand", "member")],
        Teams = [new(1, "pilots", ["pilot"], [new("harbour/weather", "push")]), new(2, "readers", [], [])],
    };

    public static RepositorySettingsModel RepositorySettings { get; } = new()
    {
        Name = "harbour/weather",
        Description = "Collects readings from sensors and answers over HTTP.",
        Readme = Readme,
        Collaborators = [new("deckhand", "push")],
        Webhooks =
        [
            new(1, "https://ci.example.org/hooks/registry", "push,delete", true, 200, null)
            {
                Deliveries = [new(9, "push", Now.AddMinutes(-2), 1, 200, null, false), new(8, "delete", Now.AddHours(-2), 3, 503, "HTTP 503", false), new(7, "push", Now.AddDays(-2), 1, 200, null, false)],
            },
            new(2, "https://chat.example.org/hook", "push", false, null, "timeout") { Deliveries = [new(6, "push", Now.AddMinutes(-9), 2, null, "no answer in 10 seconds", true)] },
        ],
    };

    public static AdminModel Admin { get; } = new()
    {
        Accounts = 212,
        Repositories = 1_284,
        Tags = 18_440,
        Blobs = 90_311,
        Size = 1_841_200_110_000,
        Largest = [new("library", 900_100_200_300, null), new("harbour", 310_000_000_000, 500_000_000_000), new("keeper", 4_100_000_000, 10_000_000_000)],
        Collection = new CollectionModel { Running = true, Phase = "blobs", Done = 61_000, Total = 90_311, Started = Now },
    };

    public static UsersModel Users { get; } = new(
        [
            new("keeper", "Harbour keeper", "keeper@example.org", false, true, false, Now.AddYears(-2)), new("pilot", "항구 안내원", "pilot@example.org", false, false, false, Now.AddYears(-1)),
            new("deckhand", "", "deckhand@example.org", false, false, true, Now.AddMonths(-4)), new("harbour", "Harbour Office", "", true, false, false, Now.AddYears(-2)),
        ], "", 1, true);

    private static RepositoryCard Card(string name, string description, long pulls, int hours) => new() { Name = name, Description = description, Pulls = pulls, Pushed = Now.AddHours(-hours) };

    private static TagRow Tag(string name, int days, bool many) => new()
    {
        Name = name,
        Digest = Manifest,
        Pushed = Now.AddDays(-days),
        Platforms = many ? [new("linux/amd64", Manifest, 141_802_113), new("linux/arm64/v8", OtherManifest, 137_550_001)] : [new("linux/amd64", Manifest, 138_120_002)],
    };

    private static LayerRow Layer(string digest, long size, string word, string arguments, int added, int changed, int hidden) =>
        new() { Digest = digest, Size = size, Word = word, Arguments = arguments, Counts = new LayerCounts(added, changed, hidden) };

    private static FileRow Folder(string path, FileChange change, long size) => new() { Name = path[(path.LastIndexOf('/') + 1)..], Path = path, Change = change, Folder = true, Size = size, Mode = "drwxr-xr-x" };

    private static FileRow File(string path, FileChange change, long size) => new() { Name = path[(path.LastIndexOf('/') + 1)..], Path = path, Change = change, Size = size, Mode = "-rw-r--r--" };
}
