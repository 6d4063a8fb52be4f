using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.CgroupsV1;
using Naru.Rpc.Events;
using Naru.Rpc.Shim;
using Naru.Rpc.Types;

namespace Naru.Chain.Tests.Shims;

/// <summary>naru-shim's contract, without containerd: states, refusals, exits, events.</summary>
public sealed class ShimTests
{
    private const uint Kill = 9;

    [ChainFact]
    public async Task A_task_goes_from_created_to_deleted_and_says_so_in_order()
    {
        await using var shim = await ShimDriver.CreateAsync("sh", "-c", "echo out; exit 7");
        Assert.Equal(Status.Created, (await shim.StateAsync()).Status);
        Assert.True(await shim.StartTaskAsync() > 0);
        Assert.Equal(7u, await shim.WaitAsync());
        var state = await shim.StateAsync();
        Assert.Equal((Status.Stopped, 7u), (state.Status, state.ExitStatus));
        Assert.Equal(7u, (await shim.DeleteAsync()).ExitStatus);
        Assert.Equal("out\n", shim.Output());
        Command.Until(() => shim.Topics.Length >= 4, "four events");
        Assert.Equal(["/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete"], shim.Topics);
        Assert.Equal(7u, shim.Events(TaskExit.Parser, "/tasks/exit").Single().ExitStatus);
    }

    [ChainFact]
    public async Task The_socket_is_a_file_in_a_folder_of_roots_alone()
    {
        // CVE-2020-15257: an abstract socket is open to whoever shares the network namespace, containers of the host's network among them
        await using var shim = await ShimDriver.CreateAsync("true");
        var path = shim.Address["unix://".Length..];
        Assert.Equal("700 0:0", Command.Must("stat", "-c", "%a %u:%g", Path.GetDirectoryName(path)!));
        var sockets = File.ReadAllLines("/proc/net/unix").Select(line => line.Split(' ')[^1]).ToList();
        Assert.Contains(path, sockets);
        Assert.DoesNotContain(sockets, name => name.StartsWith('@') && name.Contains(Path.GetFileName(path), StringComparison.Ordinal));
    }

    [ChainFact]
    public async Task What_a_state_does_not_allow_is_refused_by_its_kind()
    {
        await using var shim = await ShimDriver.CreateAsync("sleep", "60");
        await RefusedAsync(ErrorKind.AlreadyExists, shim.CreateAsync());
        await RefusedAsync(ErrorKind.NotFound, shim.StartTaskAsync("nobody"));
        await shim.StartTaskAsync();
        await RefusedAsync(ErrorKind.FailedPrecondition, shim.StartTaskAsync());
        await RefusedAsync(ErrorKind.FailedPrecondition, shim.DeleteAsync());

        await shim.AddExecAsync("twice", ["sleep", "60"]);
        await RefusedAsync(ErrorKind.AlreadyExists, shim.AddExecAsync("twice", ["true"]));
        await RefusedAsync(ErrorKind.InvalidArgument, shim.AddExecAsync("../x", ["true"]));
        // two starts at once: one of them is too late
        var starts = new[] { shim.StartTaskAsync("twice"), shim.StartTaskAsync("twice") };
        await Record.ExceptionAsync(() => Task.WhenAll(starts));
        Assert.Equal([true, false], starts.Select(each => each.IsCompletedSuccessfully).OrderDescending());
        await RefusedAsync(ErrorKind.FailedPrecondition, shim.DeleteAsync("twice"));
        await shim.KillAsync(Kill, "twice");
        Assert.Equal(137u, await shim.WaitAsync("twice"));
        await shim.DeleteAsync("twice");
        await RefusedAsync(ErrorKind.NotFound, shim.StateAsync("twice"));

        await shim.KillAsync(Kill);
        Assert.Equal(137u, await shim.WaitAsync());
        await RefusedAsync(ErrorKind.NotFound, shim.KillAsync(Kill));
        await RefusedAsync(ErrorKind.FailedPrecondition, shim.AddExecAsync("late", ["true"]));
        await RefusedAsync(ErrorKind.FailedPrecondition, shim.StartTaskAsync());
        await shim.DeleteAsync();
        await RefusedAsync(ErrorKind.NotFound, shim.StateAsync());
    }

    [ChainFact]
    public async Task What_is_not_supported_is_refused_and_leaves_nothing()
    {
        await using var shim = await ShimDriver.StartAsync("true");
        Task Create(Action<CreateTaskRequest> change, Action<Options>? options = null)
        {
            var request = shim.CreateRequest(options);
            change(request);
            return shim.CallAsync("Create", request, CreateTaskResponse.Parser);
        }
        await RefusedAsync(ErrorKind.InvalidArgument, Create(request => request.Stdout = "binary:///bin/cat?a=b"), "unknown STDIO scheme binary");
        await RefusedAsync(ErrorKind.InvalidArgument, Create(_ => { }, options => options.CriuWorkPath = "/tmp"), "criu");
        await RefusedAsync(ErrorKind.NotFound, Create(_ => { }, options => options.ShimCgroup = "/nct-no-such"), "/nct-no-such");
        await RefusedAsync(ErrorKind.Unimplemented, Create(request => request.Checkpoint = "/tmp"), "checkpoint");
        await RefusedAsync(ErrorKind.InvalidArgument, Create(request => request.Options.TypeUrl = "other.Options"), "other.Options");
        await RefusedAsync(ErrorKind.Unimplemented, shim.CallAsync("Checkpoint", new CheckpointTaskRequest { Id = shim.Id }, Empty.Parser));
        Assert.Empty(Directory.Exists(shim.Bundle.State) ? Directory.GetFileSystemEntries(shim.Bundle.State) : []);
        await shim.CreateAsync();
    }

    [ChainFact]
    public async Task No_exit_is_lost_or_taken_for_another()
    {
        await using var shim = await ShimDriver.CreateAsync("sleep", "600");
        await shim.StartTaskAsync();
        var execs = int.Parse(Environment.GetEnvironmentVariable("NARU_EXECS") ?? "100");
        foreach (var batch in Enumerable.Range(0, execs).Chunk(20))
        {
            await Task.WhenAll(batch.Select(async number =>
            {
                var (name, code) = ($"e{number}", number % 100 + 1);
                // each leaves an orphan, which the shim adopts and whose exit is nobody's
                await shim.AddExecAsync(name, ["sh", "-c", $"(sleep 0.0{number % 10}; exit 99) & exit {code}"]);
                await shim.StartTaskAsync(name);
                Assert.Equal((uint)code, await shim.WaitAsync(name));
                Assert.Equal((uint)code, (await shim.DeleteAsync(name)).ExitStatus);
            }));
        }
        Command.Until(() => shim.Topics.Count(topic => topic == "/tasks/exit") == execs, "every exit's event");
        Assert.Equal(
            Enumerable.Range(0, execs).Select(number => ($"e{number}", (uint)(number % 100 + 1))).Order(),
            shim.Events(TaskExit.Parser, "/tasks/exit").Select(each => (each.Id, each.ExitStatus)).Order());
    }

    [ChainFact]
    public async Task All_who_wait_for_an_exit_are_answered()
    {
        for (var i = 0; i < 20; i++)
        {
            await using var shim = await ShimDriver.CreateAsync("sleep", "600");
            await shim.StartTaskAsync();
            var waits = Enumerable.Range(0, 50).Select(_ => shim.WaitAsync()).ToArray();
            await shim.StateAsync();
            await shim.KillAsync(9);
            Assert.All(await Task.WhenAll(waits), status => Assert.Equal(137u, status));
        }
    }

    [ChainFact]
    public async Task An_exec_that_cannot_start_fails_with_its_reason_and_can_be_deleted()
    {
        await using var shim = await ShimDriver.CreateAsync("sleep", "60");
        await shim.StartTaskAsync();
        await shim.AddExecAsync("none", ["/no/such/program"]);
        await RefusedAsync(ErrorKind.Internal, shim.StartTaskAsync("none"), "/no/such/program");
        await shim.DeleteAsync("none");
        Assert.DoesNotContain(Directory.GetFiles(shim.Bundle.At), path => Path.GetFileName(path).StartsWith("exec-", StringComparison.Ordinal) || path.Contains("log-"));
    }

    [ChainFact]
    public async Task A_second_start_finds_the_same_shim_and_shutdown_ends_it()
    {
        await using var shim = await ShimDriver.StartAsync("true");
        Assert.Equal(shim.Address, shim.RunStart());
        var pid = (int)(await shim.ConnectAsync()).ShimPid;
        using var process = System.Diagnostics.Process.GetProcessById(pid);
        await shim.CallAsync("Shutdown", new ShutdownRequest { Id = shim.Id }, Empty.Parser);
        Assert.True(process.WaitForExit(10_000), "the shim stays after its shutdown");
        Assert.False(File.Exists(shim.Address["unix://".Length..]), "its socket stays");
    }

    [ChainFact]
    public async Task After_the_shim_was_killed_delete_ends_the_container_with_137()
    {
        await using var shim = await ShimDriver.CreateAsync("sleep", "600");
        var pid = await shim.StartTaskAsync();
        Command.Must("/bin/kill", "-9", (await shim.ConnectAsync()).ShimPid.ToString());
        var result = Command.Start(Programs.NaruShim, ["-namespace", "nct", "-address", shim.Bundle.Folder["c.sock"], "-id", shim.Id, "-bundle", shim.Bundle.At, "delete"], folder: shim.Bundle.At);
        var response = DeleteResponse.Parser.ParseFrom(result.StandardOutput.BaseStream);
        result.WaitForExit();
        Assert.Equal((0, 137u, (uint)pid), (result.ExitCode, response.ExitStatus, response.Pid));
        Command.Until(() => !Directory.Exists($"/proc/{pid}"), "the container to end");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(shim.Bundle.State, "nct")));
        Assert.False(File.Exists(shim.Address["unix://".Length..]), "the socket stays");
    }

    [ChainFact]
    public async Task Running_out_of_memory_is_told()
    {
        await using var shim = await ShimDriver.StartAsync("sh", "-c", "tail /dev/zero");
        shim.Bundle.Change(spec => spec["linux"]!["resources"]!["memory"] = new System.Text.Json.Nodes.JsonObject { ["limit"] = 16 << 20, ["swap"] = 16 << 20 });
        await shim.CreateAsync();
        await shim.StartTaskAsync();
        Assert.Equal(137u, await shim.WaitAsync());
        Command.Until(() => shim.Topics.Contains("/tasks/exit"), "the exit's event");
        Assert.Contains("/tasks/oom", shim.Topics.TakeWhile(topic => topic != "/tasks/exit"));
    }

    [ChainFact]
    public async Task The_numbers_of_a_task_are_its_cgroups()
    {
        await using var shim = await ShimDriver.CreateAsync("sh", "-c", "sleep 60 & sleep 60 & wait");
        await shim.StartTaskAsync();
        Command.Until(() => shim.CallAsync("Pids", new PidsRequest { Id = shim.Id }, PidsResponse.Parser).Result.Processes.Count == 3, "three processes");
        var any = (await shim.CallAsync("Stats", new StatsRequest { Id = shim.Id }, StatsResponse.Parser)).Stats;
        var unified = any.TypeUrl == "io.containerd.cgroups.v2.Metrics";
        var (pids, memory) = unified
            ? (Naru.Rpc.CgroupsV2.Metrics.Parser.ParseFrom(any.Value).Pids.Current, Naru.Rpc.CgroupsV2.Metrics.Parser.ParseFrom(any.Value).Memory.Usage)
            : (Metrics.Parser.ParseFrom(any.Value).Pids.Current, Metrics.Parser.ParseFrom(any.Value).Memory.Usage.Usage);
        Assert.Equal(3ul, pids);
        Assert.InRange(memory, 4096ul, 64ul << 20);
    }

    [ChainFact]
    public async Task A_paused_task_stays_and_a_kill_ends_it_all_the_same()
    {
        await using var shim = await ShimDriver.CreateAsync("sleep", "60");
        await shim.StartTaskAsync();
        await shim.CallAsync("Pause", new PauseRequest { Id = shim.Id }, Empty.Parser);
        Assert.Equal(Status.Paused, (await shim.StateAsync()).Status);
        await shim.CallAsync("Resume", new ResumeRequest { Id = shim.Id }, Empty.Parser);
        Assert.Equal(Status.Running, (await shim.StateAsync()).Status);
        await shim.CallAsync("Pause", new PauseRequest { Id = shim.Id }, Empty.Parser);
        await shim.KillAsync(Kill);
        Assert.Equal(137u, await shim.WaitAsync());
    }

    [ChainFact]
    public async Task Events_wait_while_containerd_is_away()
    {
        await using var shim = await ShimDriver.StartAsync("true");
        // its socket is gone, and with it nobody is there to connect to
        File.Move(shim.EventSocket, shim.EventSocket + ".away");
        await shim.CreateAsync();
        await shim.StartTaskAsync();
        await shim.WaitAsync();
        await shim.DeleteAsync();
        Assert.Empty(shim.Topics);
        File.Move(shim.EventSocket + ".away", shim.EventSocket);
        Command.Until(() => shim.Topics.Length == 4, "four events");
        Assert.Equal(["/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete"], shim.Topics);
    }

    [ChainFact]
    public async Task Random_bytes_on_its_socket_end_that_connection_alone()
    {
        await using var shim = await ShimDriver.CreateAsync("sleep", "60");
        var pid = (await shim.ConnectAsync()).ShimPid;
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(1, 20_000)];
            random.NextBytes(bytes);
            if (seed % 2 == 0)
            {
                // a sound header, of a request, with a length that may never come
                new byte[] { 0, (byte)random.Next(0x40), bytes[2], bytes[3], 0, 0, 0, 1, 1, 0 }.AsSpan(0, Math.Min(10, bytes.Length)).CopyTo(bytes);
            }
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(shim.Address["unix://".Length..]));
            try
            {
                socket.Send(bytes);
            }
            catch (SocketException)
            {
                // refused before all of it was sent
            }
        }
        Assert.Equal(pid, (await shim.ConnectAsync()).ShimPid);
    }

    [ChainFact]
    public void Info_tells_its_name_and_the_runtimes_features()
    {
        using var process = Command.Start(Programs.NaruShim, ["-info"]);
        process.StandardInput.Close();
        var info = RuntimeInfo.Parser.ParseFrom(process.StandardOutput.BaseStream);
        process.WaitForExit();
        Assert.Equal("io.containerd.naru.v2", info.Name);
        Assert.Contains("\"ociVersionMax\"", info.Features.Value.ToStringUtf8());
    }

    private static async Task RefusedAsync(ErrorKind kind, Task call, string text = "")
    {
        var failure = await Assert.ThrowsAsync<NaruException>(() => call);
        Assert.True(failure.Kind == kind, $"{failure.Kind}: {failure.Message}");
        Assert.Contains(text, failure.Message);
    }
}
