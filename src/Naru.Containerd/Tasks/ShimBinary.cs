using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Shim;

namespace Naru.Containerd;

/// <summary>A shim's program: how its runtime's name leads to it, and its start and delete actions.</summary>
/// <remarks>containerd's runtime v2 documentation: flags, environment, and what is printed.</remarks>
public sealed class ShimBinary(string path, string daemonAddress)
{
    private static readonly TimeSpan ActionLimit = TimeSpan.FromSeconds(10);

    public string BinaryPath { get; } = path;

    /// <summary>The program for a runtime: a path as it is; <c>io.containerd.NAME.vN</c> is <c>containerd-shim-NAME-vN</c> on PATH; naru's lies beside this one.</summary>
    /// <exception cref="NaruException">NotFound, InvalidArgument.</exception>
    public static string Resolve(string runtime)
    {
        if (Path.IsPathRooted(runtime))
            return File.Exists(runtime) ? runtime : throw NaruException.NotFound($"runtime \"{runtime}\" binary not installed: file does not exist: not found");
        var parts = runtime.Split('.');
        if (parts.Length < 2 || parts[^1].Length == 0 || parts[^2].Length == 0)
            throw NaruException.Invalid($"invalid runtime name {runtime}, correct runtime name should be either format like `io.containerd.runc.v2` or a full path to the binary: invalid argument");
        var name = $"containerd-shim-{parts[^2]}-{parts[^1]}";
        var own = Path.Combine(AppContext.BaseDirectory, "naru-shim");
        if (name == "containerd-shim-naru-v2" && File.Exists(own))
            return own;
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':'))
        {
            if (folder.Length > 0 && File.Exists(Path.Combine(folder, name)))
                return Path.Combine(folder, name);
        }

        throw NaruException.NotFound($"runtime \"{runtime}\" binary not installed \"{name}\": file does not exist: not found");
    }

    /// <summary>Starts the shim of a bundle; it serves when this returns.</summary>
    public async Task<ShimAddress> Start(Bundle bundle, Any? options, CancellationToken cancel)
    {
        var output = await Run(bundle, ["start"], options, bundle.Folder, cancel);
        var address = ShimAddress.Parse(System.Text.Encoding.UTF8.GetString(output));
        bundle.WriteBootstrap(address);
        return address;
    }

    /// <summary>Cleans up after a shim that died: kills what is left of the container, unmounts, and tells how it ended.</summary>
    public async Task<DeleteResponse> Delete(Bundle bundle, CancellationToken cancel) =>
        DeleteResponse.Parser.ParseFrom(await Run(bundle, ["-bundle", bundle.Folder, "delete"], null, bundle.Folder, cancel));

    private async Task<byte[]> Run(Bundle bundle, string[] action, Any? input, string folder, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(BinaryPath) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-namespace", bundle.Namespace, "-address", daemonAddress, "-publish-binary", Environment.ProcessPath!, "-id", bundle.Id])
            start.ArgumentList.Add(argument);
        if (Log.Level == LogLevel.Debug)
            start.ArgumentList.Add("-debug");
        foreach (var argument in action)
            start.ArgumentList.Add(argument);
        start.Environment["TTRPC_ADDRESS"] = daemonAddress + ".ttrpc";
        start.Environment["GRPC_ADDRESS"] = daemonAddress;
        start.Environment["CONTAINERD_NAMESPACE"] = bundle.Namespace;
        start.Environment["MAX_SHIM_VERSION"] = "3";
        start.Environment["GOMAXPROCS"] = "2";

        // The shim lives in a folder that goes with the container; its own must not keep this daemon's.
        using var process = Process.Start(start) ?? throw new NaruException(ErrorKind.Internal, $"cannot start {BinaryPath}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ActionLimit);
        try
        {
            return await Converse(process, input, action[^1], limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new NaruException(ErrorKind.DeadlineExceeded, $"{BinaryPath} {action[^1]}: no answer within {ActionLimit.TotalSeconds:0} s");
        }
    }

    private async Task<byte[]> Converse(Process process, Any? input, string action, CancellationToken cancel)
    {
        await Send(process, input, cancel);
        using var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardOutput.BaseStream.CopyToAsync(output, cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new NaruException(ErrorKind.Internal, $"failed to {action} shim: {(await errors).Trim()}: exit status {process.ExitCode}");
        return output.ToArray();
    }

    private static async Task Send(Process process, Any? input, CancellationToken cancel)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.BaseStream.WriteAsync(input.ToByteArray(), cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A shim need not read its options; closing a pipe that broke says so once more.
        }
    }
}
