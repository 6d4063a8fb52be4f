using System.ComponentModel;
using System.Diagnostics;
using Naru.Base;

namespace Naru.Build.Copying;

/// <summary>What a program that decompresses (<c>bzip2</c>, <c>xz</c>) makes of a file. Read front to back; ends the program when disposed.</summary>
internal sealed class FilterStream : ForwardStream
{
    private readonly Process process;
    private readonly Task feed;

    /// <param name="input">Owned.</param>
    /// <exception cref="NaruException">FailedPrecondition: the machine has no such program.</exception>
    public FilterStream(string program, Stream input)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-dc");
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new NaruException(ErrorKind.FailedPrecondition, $"cannot unpack a {program} archive: the program {program} is not installed on this machine");
        }

        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        feed = Task.Run(() => Feed(input));
    }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override int Read(Span<byte> buffer)
    {
        var count = process.StandardOutput.BaseStream.Read(buffer);
        if (count > 0)
            return count;
        process.WaitForExit();
        return process.ExitCode == 0 ? 0 : throw new InvalidDataException($"{process.StartInfo.FileName}: the compressed data is damaged");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!process.HasExited)
                process.Kill();
            feed.Wait();
            process.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Feed(Stream input)
    {
        try
        {
            using (input)
            using (var pipe = process.StandardInput.BaseStream)
                input.CopyTo(pipe);
        }
        catch (IOException)
        {
            // It ended early: it says why by its exit code, or nobody wants the rest.
        }
    }
}
