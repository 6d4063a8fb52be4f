using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>The session keyring of a container's processes: theirs, and not that of whoever called the runtime.</summary>
public sealed class KeyringTests
{
    /// <summary>keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0) and keyctl(KEYCTL_DESCRIBE, …): "ID keyring;UID;GID;PERMISSIONS;NAME".</summary>
    private const string Ask = "import ctypes; c = ctypes.CDLL(None); b = ctypes.create_string_buffer(256); i = c.syscall(250, 0, -3, 0); c.syscall(250, 6, -3, b, 256); print(i, b.value.decode(), flush=True)";

    private readonly string _id = $"nck-{Guid.NewGuid():N}"[..16];

    [ChainTheory("python3")]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_process_of_a_container_has_its_session_keyring(bool users)
    {
        using var bundle = new Bundle("/usr/bin/python3", "-c", Ask + "; import time; time.sleep(60)");
        bundle.Change(spec =>
        {
            WithPython(spec);
            if (users)
                spec.Users((0, 100000, 65536));
        });
        foreach (var folder in Python)
            Directory.CreateDirectory(bundle.Folder["rootfs" + folder]);
        Command.Must("chmod", "755", bundle.At);
        Command.Must("sh", "-c", $"cd {bundle.At} && {Programs.NaruRunc} --root {bundle.State} run -d {_id} </dev/null >out 2>error");
        try
        {
            var first = "";
            Command.Until(() => (first = File.ReadAllText(bundle.Folder["out"])).EndsWith('\n'), "the first process's answer");
            Assert.EndsWith($" keyring;0;0;3f1b0000;_ses.{_id}\n", first);
            for (var round = 0; round < 2; round++)
                Assert.Equal(new(0, first, ""), bundle.Runtime(Programs.NaruRunc, "exec", _id, "/usr/bin/python3", "-c", Ask));
        }
        finally
        {
            bundle.Runtime(Programs.NaruRunc, "delete", "--force", _id);
        }
    }

    [ChainFact("python3")]
    public void Without_a_new_keyring_it_is_the_callers()
    {
        using var bundle = new Bundle("/usr/bin/python3", "-c", Ask);
        bundle.Change(WithPython);
        var result = bundle.Runtime(Programs.NaruRunc, "run", "--no-new-keyring", _id);
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal(Command.Must("python3", "-c", Ask), result.Out.TrimEnd('\n'));
    }

    /// <summary>Where the machine's own Python is, and what it needs.</summary>
    private static IEnumerable<string> Python => new[] { "/usr", "/lib", "/lib64" }.Where(Directory.Exists);

    private static void WithPython(JsonNode spec)
    {
        foreach (var folder in Python)
            spec.Bind(folder, folder, "rbind", "ro");
    }
}
