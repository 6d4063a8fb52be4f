using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Rpc.EventService;
using Naru.Rpc.Shim;
using Naru.Rpc.Ttrpc;
using Naru.Rpc.Types;

namespace Naru.Chain.Tests.Shims;

/// <summary>Drives the published naru-shim as containerd does: start, then its task service by ttrpc; its events are taken here.</summary>
internal sealed class ShimDriver : IAsyncDisposable
{
    private const string Service = "containerd.task.v3.Task";

    private readonly List<Envelope> _events = [];
    private readonly CancellationTokenSource _ended = new();
    private Task _listening = Task.CompletedTask;
    private TtrpcClient? _client;

    private ShimDriver(string[] command) => Bundle = new Bundle(command);

    public Bundle Bundle { get; }

    public string Id { get; } = $"nct-shim-{Guid.NewGuid():N}"[..20];

    /// <summary>What «start» printed: unix://PATH.</summary>
    public string Address { get; private set; } = "";

    public string EventSocket => Bundle.Folder["events"];

    /// <summary>Topics and types in the order in which they came.</summary>
    public string[] Topics
    {
        get
        {
            lock (_events)
            {
                return [.. _events.Select(each => each.Topic)];
            }
        }
    }

    public T[] Events<T>(MessageParser<T> parser, string topic)
        where T : IMessage<T>
    {
        lock (_events)
        {
            return [.. _events.Where(each => each.Topic == topic).Select(each => parser.ParseFrom(each.Event.Value))];
        }
    }

    /// <summary>Starts a shim for a container that is to run <paramref name="command"/>; nothing is created yet.</summary>
    public static async Task<ShimDriver> StartAsync(params string[] command)
    {
        var driver = new ShimDriver(command);
        driver.Listen();
        driver.Address = driver.RunStart();
        driver._client = await TtrpcClient.ConnectAsync(driver.Address, CancellationToken.None);
        return driver;
    }

    /// <summary>The same with the container created, its output in the file «out» of the bundle.</summary>
    public static async Task<ShimDriver> CreateAsync(params string[] command)
    {
        var driver = await StartAsync(command);
        await driver.CreateAsync();
        return driver;
    }

    public string RunStart()
    {
        var result = Action("start");
        Assert.True(result.Code == 0, $"naru-shim start: {result}");
        return result.Out;
    }

    /// <summary>Runs the shim's «start» or «delete» as containerd does.</summary>
    public Result Action(string name) => Command.Run(Programs.NaruShim,
        ["-namespace", "nct", "-address", Bundle.Folder["c.sock"], "-publish-binary", "/bin/false", "-id", Id, "-bundle", Bundle.At, name],
        environment: new Dictionary<string, string?> { ["TTRPC_ADDRESS"] = EventSocket }, folder: Bundle.At);

    /// <summary>Takes events from now on.</summary>
    public void Listen()
    {
        File.Delete(EventSocket);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(EventSocket));
        listener.Listen(8);
        var server = new TtrpcServer();
        server.Handle("containerd.services.events.ttrpc.v1.Events", "Forward", ForwardRequest.Parser, (_, request) =>
        {
            lock (_events)
            {
                _events.Add(request.Envelope);
            }
            return Task.FromResult<IMessage>(new Empty());
        });
        _listening = server.RunAsync(listener, _ended.Token).ContinueWith(_ => listener.Dispose(), TaskScheduler.Default);
    }

    public CreateTaskRequest CreateRequest(Action<Options>? options = null)
    {
        var chosen = new Options { Root = Bundle.State };
        options?.Invoke(chosen);
        return new CreateTaskRequest
        {
            Id = Id,
            Bundle = Bundle.At,
            Stdout = "file://" + Bundle.Folder["out"],
            Options = new Any { TypeUrl = "containerd.runc.v1.Options", Value = chosen.ToByteString() },
        };
    }

    public async Task<int> CreateAsync() => (int)(await CallAsync("Create", CreateRequest(), CreateTaskResponse.Parser)).Pid;

    public async Task<int> StartTaskAsync(string exec = "") =>
        (int)(await CallAsync("Start", new StartRequest { Id = Id, ExecId = exec }, StartResponse.Parser)).Pid;

    public async Task<uint> WaitAsync(string exec = "") =>
        (await CallAsync("Wait", new WaitRequest { Id = Id, ExecId = exec }, WaitResponse.Parser)).ExitStatus;

    public Task<Empty> KillAsync(uint signal, string exec = "") =>
        CallAsync("Kill", new KillRequest { Id = Id, ExecId = exec, Signal = signal }, Empty.Parser);

    public Task<DeleteResponse> DeleteAsync(string exec = "") =>
        CallAsync("Delete", new DeleteRequest { Id = Id, ExecId = exec }, DeleteResponse.Parser);

    public Task<StateResponse> StateAsync(string exec = "") =>
        CallAsync("State", new StateRequest { Id = Id, ExecId = exec }, StateResponse.Parser);

    public Task<ConnectResponse> ConnectAsync() => CallAsync("Connect", new ConnectRequest { Id = Id }, ConnectResponse.Parser);

    /// <summary>Adds an exec of these words; it runs at its start.</summary>
    public Task<Empty> AddExecAsync(string exec, string[] command, string stdin = "", string stdout = "") => CallAsync("Exec", new ExecProcessRequest
    {
        Id = Id,
        ExecId = exec,
        Stdin = stdin,
        Stdout = stdout,
        Spec = new Any
        {
            TypeUrl = "types.containerd.io/opencontainers/runtime-spec/1/Process",
            Value = ByteString.CopyFromUtf8(new System.Text.Json.Nodes.JsonObject
            {
                ["cwd"] = "/",
                ["user"] = new System.Text.Json.Nodes.JsonObject { ["uid"] = 0, ["gid"] = 0 },
                ["args"] = new System.Text.Json.Nodes.JsonArray([.. command.Select(word => (System.Text.Json.Nodes.JsonNode)word)]),
                ["env"] = new System.Text.Json.Nodes.JsonArray("PATH=/bin"),
            }.ToJsonString()),
        },
    }, Empty.Parser);

    public Task<T> CallAsync<T>(string method, IMessage request, MessageParser<T> parser)
        where T : IMessage<T> =>
        _client!.CallAsync(Service, method, request, parser, "nct", Command.Patience, CancellationToken.None);

    /// <summary>Makes a FIFO in the bundle and gives its path.</summary>
    public string Fifo(string name)
    {
        Command.Must("mkfifo", Bundle.Folder[name]);
        return Bundle.Folder[name];
    }

    public string Output() => File.ReadAllText(Bundle.Folder["out"]);

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }
        // ends the container and the shim alike, whatever state they are in
        Command.Run(Programs.NaruRunc, ["--root", Path.Combine(Bundle.State, "nct"), "delete", "--force", Id]);
        await _ended.CancelAsync();
        await _listening;
        _ended.Dispose();
        Bundle.Dispose();
        if (Address.Length > 0)
        {
            File.Delete(Address["unix://".Length..]);
        }
    }
}
