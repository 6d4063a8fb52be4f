using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Lifecycle;

/// <summary>--pid-file: opened under a name of its own before anything is made, and there under the right name once it is whole.</summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path, _temporary;
    private readonly SafeFileHandle _handle;
    private bool _isWritten;

    private PidFile(string path)
    {
        _path = path;
        _temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", $".{Path.GetFileName(path)}");
        try
        {
            _handle = Files.Open(_temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow, 0x1B6);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.FailedPrecondition, $"open {_temporary}: {Errno.Text(failure.Number)}", failure);
        }
    }

    /// <param name="path">Null: none is asked for.</param>
    public static PidFile? Prepare(string? path) => path is null ? null : new PidFile(path);

    public void Write(int pid)
    {
        Files.Write(_handle, Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)));
        Files.Rename(_temporary, _path);
        _isWritten = true;
    }

    /// <summary>What was never written leaves nothing.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        if (!_isWritten)
            Files.Unlink(_temporary);
    }
}
