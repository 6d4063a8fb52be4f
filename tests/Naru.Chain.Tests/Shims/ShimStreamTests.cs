using Google.Protobuf.WellKnownTypes;
using Naru.Rpc.Shim;
using Naru.Rpc.Types;

namespace Naru.Chain.Tests.Shims;

/// <summary>What goes through the shim: whole, in order, whoever reads or does not.</summary>
public sealed class ShimStreamTests
{
    [ChainFact]
    public async Task A_reader_that_goes_and_comes_back_misses_nothing_and_stalls_nobody()
    {
        await using var shim = await ShimDriver.StartAsync("seq", "300000");
        var request = shim.CreateRequest();
        request.Stdout = shim.Fifo("fifo");
        await shim.CallAsync("Create", request, CreateTaskResponse.Parser);
        var first = new byte[100_000];
        await using (var reader = File.OpenRead(request.Stdout))
        {
            await shim.StartTaskAsync();
            await reader.ReadExactlyAsync(first);
        }
        // nobody reads now, and what is left is far more than two pipes take: it ends all the same
        Assert.Equal(0u, await shim.WaitAsync());
        using var whole = new MemoryStream();
        whole.Write(first);
        await using (var reader = File.OpenRead(request.Stdout))
        {
            await reader.CopyToAsync(whole).WaitAsync(Command.Patience);
        }
        Assert.Equal(string.Concat(Enumerable.Range(1, 300_000).Select(i => $"{i}\n")), System.Text.Encoding.ASCII.GetString(whole.ToArray()));
        await shim.DeleteAsync();
        Assert.Empty(Directory.GetFiles(shim.Bundle.At, ".spill*"));
    }

    [ChainFact]
    public async Task Input_that_was_closed_before_the_process_was_there_ends()
    {
        await using var shim = await ShimDriver.CreateAsync("sleep", "60");
        await shim.StartTaskAsync();
        await shim.AddExecAsync("cat", ["cat"], stdin: shim.Fifo("in"), stdout: "file://" + shim.Bundle.Folder["cat"]);
        await shim.CallAsync("CloseIO", new CloseIORequest { Id = shim.Id, ExecId = "cat", Stdin = true }, Empty.Parser);
        // opening a FIFO waits for its other side, which the shim opens at the start
        var writing = Task.Run(() => File.WriteAllText(shim.Bundle.Folder["in"], "typed"));
        await shim.StartTaskAsync("cat");
        await writing.WaitAsync(Command.Patience);
        Assert.Equal(0u, await shim.WaitAsync("cat"));
        Assert.Equal("typed", File.ReadAllText(shim.Bundle.Folder["cat"]));
    }

    [ChainFact]
    public async Task Input_stays_open_for_the_next_client_until_it_is_closed()
    {
        await using var shim = await ShimDriver.StartAsync("cat");
        var request = shim.CreateRequest();
        request.Stdin = shim.Fifo("in");
        await shim.CallAsync("Create", request, CreateTaskResponse.Parser);
        await shim.StartTaskAsync();
        File.WriteAllText(request.Stdin, "one\n");
        File.WriteAllText(request.Stdin, "two\n");
        Command.Until(() => shim.Output() == "one\ntwo\n", "both clients' input");
        Assert.Equal(Status.Running, (await shim.StateAsync()).Status);
        await shim.CallAsync("CloseIO", new CloseIORequest { Id = shim.Id, Stdin = true }, Empty.Parser);
        Assert.Equal(0u, await shim.WaitAsync());
    }

    [ChainFact]
    public async Task Megabytes_go_through_both_ways_unchanged()
    {
        await using var shim = await ShimDriver.StartAsync("cat");
        var request = shim.CreateRequest();
        request.Stdin = shim.Fifo("in");
        request.Stdout = shim.Fifo("fifo");
        await shim.CallAsync("Create", request, CreateTaskResponse.Parser);
        var sent = new byte[20 << 20];
        new Random(1).NextBytes(sent);
        var reading = Task.Run(async () =>
        {
            using var all = new MemoryStream();
            await using var reader = File.OpenRead(request.Stdout);
            await reader.CopyToAsync(all);
            return all.ToArray();
        });
        await shim.StartTaskAsync();
        await File.WriteAllBytesAsync(request.Stdin, sent);
        await shim.CallAsync("CloseIO", new CloseIORequest { Id = shim.Id, Stdin = true }, Empty.Parser);
        var received = await reading.WaitAsync(Command.Patience);
        Assert.True(sent.AsSpan().SequenceEqual(received));
        Assert.Equal(0u, await shim.WaitAsync());
    }

    [ChainFact]
    public async Task A_terminal_has_the_size_it_is_given()
    {
        await using var shim = await ShimDriver.StartAsync("sh", "-c", "read line; stty size; echo \"$line\"");
        shim.Bundle.Change(spec => spec["process"]!["terminal"] = true);
        var request = shim.CreateRequest();
        request.Terminal = true;
        request.Stdin = shim.Fifo("in");
        await shim.CallAsync("Create", request, CreateTaskResponse.Parser);
        await shim.StartTaskAsync();
        await shim.CallAsync("ResizePty", new ResizePtyRequest { Id = shim.Id, Width = 123, Height = 45 }, Empty.Parser);
        File.WriteAllText(request.Stdin, "typed\n");
        Assert.Equal(0u, await shim.WaitAsync());
        Assert.Equal("typed\r\n45 123\r\ntyped\r\n", shim.Output());
    }
}
