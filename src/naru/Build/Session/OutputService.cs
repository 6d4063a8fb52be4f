using Naru.Cli.Build.Files;
using Naru.Cli.Build.Solve;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Cli.Terminal;
using Naru.Rpc.BuildSession;

namespace Naru.Cli.Build.Session;

/// <summary>moby.filesync.v1.FileSend: the builder hands over a result, as a tree of files or as one stream.</summary>
/// <param name="outputs">In the order of the request's exporters, by which the builder names them.</param>
internal sealed class OutputService(IReadOnlyList<OutputOption> outputs)
{
    public void Register(GrpcServer server)
    {
        if (outputs.Any(output => output.Destination.Length > 0))
            server.Add("/moby.filesync.v1.FileSend/DiffCopy", Receive);
    }

    private void Receive(GrpcStream call, List<HeaderField> metadata)
    {
        // One without a number is the only one, as older builders have it.
        _ = int.TryParse(GrpcClient.Find(metadata, "buildkit-attachable-exporter-id"), out var index);
        var output = index >= 0 && index < outputs.Count ? outputs[index] : null;
        if (output is null || output.Destination.Length == 0)
            output = outputs.FirstOrDefault(candidate => candidate.Destination.Length > 0);
        if (output is null)
            throw new GrpcException(GrpcException.NotFound, $"no output with the number {index}", []);
        if (output.Type == "local")
            new TreeReceiver(call, output.Destination).Run();
        else
            ReceiveStream(call, output.Destination);
    }

    /// <summary>A file takes its name when it is whole.</summary>
    private static void ReceiveStream(GrpcStream call, string destination)
    {
        if (destination == "-")
        {
            Copy(call, Streams.Out);
            Streams.Flush();
            return;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(destination))!;
        Directory.CreateDirectory(folder);
        if (File.Exists(destination) && (File.GetAttributes(destination) & FileAttributes.Device) != 0)
        {
            using var device = File.OpenWrite(destination);
            Copy(call, device);
            return;
        }

        var temporary = Path.Combine(folder, $".tmp-{Path.GetFileName(destination)}{Environment.ProcessId}");
        try
        {
            using (var file = File.Create(temporary))
                Copy(call, file);
            File.Move(temporary, destination, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Copy(GrpcStream call, Stream into)
    {
        while (call.Read(BytesMessage.Parser) is { } message)
            into.Write(message.Data.Span);
    }
}
