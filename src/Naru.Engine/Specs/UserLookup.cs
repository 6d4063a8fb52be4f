using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Engine.Specs;

/// <summary>Who a process runs as: <c>user[:group]</c>, by the image's own /etc/passwd and /etc/group.</summary>
/// <remarks>
/// The files are the image's, so they may be anything: they are opened below the layer's folder only, never waited for (a FIFO is no file),
/// and read up to 1 MiB. Layers are looked through from the top; no mount is needed.
/// </remarks>
public sealed class UserLookup(IReadOnlyList<string> layers)
{
    private const int LargestFile = 1024 * 1024;
    private const long LargestId = 2147483647;

    /// <exception cref="NaruException">InvalidArgument: no such user or group, or a number out of range.</exception>
    public User Resolve(string wanted, IReadOnlyList<string>? groupAdd)
    {
        var passwd = Rows("etc/passwd", 7);
        var group = Rows("etc/group", 4);
        var parts = wanted.Split(':', 2);
        var (userText, groupText) = (parts[0], parts.Length > 1 ? parts[1] : "");
        uint uid = 0, gid = 0;
        var name = "root";
        var userNumber = userText.Length == 0 ? 0 : Number(userText);
        var row = passwd.FirstOrDefault(one => userText.Length > 0 && one[0] == userText)
            ?? (userNumber is { } number ? passwd.FirstOrDefault(one => Number(one[2]) == number) : null);
        if (row is not null && Number(row[2]) is { } rowUid && Number(row[3]) is { } rowGid)
        {
            (uid, gid, name) = (Check(rowUid), Check(rowGid), row[0]);
        }
        else if (userNumber is { } plain)
        {
            uid = Check(plain);
            name = userText.Length == 0 ? "root" : "";
        }
        else
        {
            throw NaruException.Invalid($"unable to find user {userText}: no matching entries in passwd file");
        }

        List<uint> more = [];
        if (groupText.Length > 0)
        {
            gid = Group(group, groupText);
        }
        else if (name.Length > 0)
        {
            foreach (var one in group)
            {
                if (one[3].Split(',').Contains(name) && Number(one[2]) is { } member && member <= LargestId)
                    more.Add((uint)member);
            }
        }

        foreach (var one in groupAdd ?? [])
            more.Add(Group(group, one));
        // CVE-2022-36109, CVE-2023-25173: the main group is always among them.
        List<uint> groups = [gid, .. more.Where(one => one != gid).Distinct()];
        return new User { Uid = uid, Gid = gid, AdditionalGids = groups };
    }

    private static uint Group(List<string[]> rows, string text)
    {
        var row = rows.FirstOrDefault(one => one[0] == text);
        if (row is not null && Number(row[2]) is { } found)
            return Check(found);
        if (Number(text) is { } number)
            return Check(number);
        throw NaruException.Invalid($"unable to find group {text}: no matching entries in group file");
    }

    private static uint Check(long id) =>
        id is >= 0 and <= LargestId ? (uint)id : throw NaruException.Invalid("uids and gids must be in range 0-2147483647");

    private static long? Number(string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            // A number that no long holds is out of range, not a name.
            return text.Length > 0 && text.All(char.IsAsciiDigit) ? long.MaxValue : null;
        }

        return value;
    }

    private List<string[]> Rows(string path, int columns)
    {
        List<string[]> rows = [];
        foreach (var line in Encoding.UTF8.GetString(Read(path)).Split('\n'))
        {
            var row = line.Trim().Split(':');
            if (row[0].Length == 0 || row[0][0] is '#' or '+' or '-' || row.Length < Math.Min(columns, 4))
                continue;
            rows.Add(row);
        }

        return rows;
    }

    private byte[] Read(string path)
    {
        foreach (var layer in layers)
        {
            using var root = Files.TryOpen(layer, OpenFlags.PathOnly | OpenFlags.Directory);
            if (root is null)
                continue;
            using var handle = TryOpenFile(root, path);
            if (handle is null)
                continue;
            var status = Files.Status(handle);
            if (status.Kind == FileKind.Character)
                return [];
            if (status.Kind != FileKind.Regular)
                throw NaruException.Invalid($"/{path} of the image is not a regular file");
            if (status.Size > LargestFile)
                throw NaruException.Invalid($"/{path} of the image is larger than 1 MiB");
            using var readable = Files.Open(Files.PathOf(handle), OpenFlags.ReadOnly | OpenFlags.NonBlocking);
            return Files.ReadAll(readable);
        }

        return [];
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle? TryOpenFile(Microsoft.Win32.SafeHandles.SafeFileHandle root, string path)
    {
        try
        {
            return Files.TryOpenInRoot(root, path, OpenFlags.PathOnly);
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
