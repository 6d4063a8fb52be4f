using System.Security.Cryptography;
using System.Text;

namespace Naru.Chain.Tests;

/// <summary>Image archives on their way in: in all their forms, whole or not, and what stays of those that do not arrive.</summary>
public sealed class LoadTests(Engine engine) : IClassFixture<Engine>
{
    [ChainFact]
    public void Archives_of_every_form_become_the_same_image()
    {
        var layer = Layer("forms");
        engine.Must("import", layer, "forms:1");
        engine.Must("save", "-o", engine.Folder["new.tar"], "forms:1");
        engine.Must("rmi", "forms:1");
        Command.Must("gzip", "-kf", engine.Folder["new.tar"]);
        foreach (var archive in new[] { "new.tar", "new.tar.gz" })
        {
            Assert.Equal("Loaded image: forms:1", engine.Must("load", "-i", engine.Folder[archive]));
            Assert.Equal("forms", engine.Must("run", "--rm", "forms:1", "/bin/busybox", "cat", "/file"));
            Assert.Equal("Untagged: forms:1", engine.Must("rmi", "forms:1").Split('\n')[0]);
        }

        Assert.Equal("Loaded image: old:1", engine.Must("load", "-i", Old(layer, Path.GetFileName(layer))));
        Assert.Equal("forms", engine.Must("run", "--rm", "old:1", "/bin/busybox", "cat", "/file"));
        engine.Must("rmi", "old:1");
    }

    [ChainFact]
    public void What_is_no_whole_archive_leaves_nothing()
    {
        var layer = Layer("broken");
        var before = engine.Kept();
        var whole = File.ReadAllBytes(Old(layer, "broken.tar"));
        Refused("unexpected EOF", whole[..(whole.Length / 2)]);

        // A config that promises another layer.
        Refused("wrong diff id", File.ReadAllBytes(Old(layer, "broken.tar", Encoding.ASCII.GetBytes("another"))));
        Refused("unrecognized image format", File.ReadAllBytes(layer));
        NothingStays(before);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(engine.ExecRoot, "fifo")));
    }

    [ChainFact]
    public void A_load_that_narud_did_not_survive_leaves_nothing()
    {
        var whole = File.ReadAllBytes(Old(Layer("killed"), "killed.tar"));
        var before = engine.Kept();
        var pipes = Path.Combine(engine.ExecRoot, "fifo");
        using var client = Command.Start(Programs.Naru, ["load"], engine.ClientEnvironment);
        client.StandardInput.BaseStream.Write(whole, 0, whole.Length / 2);
        client.StandardInput.BaseStream.Flush();
        Command.Until(() => Directory.GetFileSystemEntries(pipes).Length > 0, "the load to begin");
        engine.Kill();
        Assert.True(client.WaitForExit(10_000));
        Assert.NotEqual(0, client.ExitCode);
        engine.Start();
        Assert.Empty(Directory.GetFileSystemEntries(pipes));
        NothingStays(before);
    }

    /// <param name="before">What was kept before; tests before this one may have been tidied up after since.</param>
    private void NothingStays(int[] before)
    {
        Command.Holds(() => engine.Kept().Zip(before).All(pair => pair.First <= pair.Second));
        Assert.All(engine.Kept().Zip(before), pair => Assert.InRange(pair.First, 0, pair.Second));
    }

    /// <summary>A layer with busybox and a file that says <paramref name="content"/>.</summary>
    private string Layer(string content)
    {
        var folder = Directory.CreateDirectory(engine.Folder[content]).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        File.Copy(Programs.Find("busybox")!, Path.Combine(folder, "bin/busybox"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "file"), content);
        Command.Must("tar", "-C", folder, "-cf", engine.Folder[content + ".layer"], ".");
        return engine.Folder[content + ".layer"];
    }

    /// <summary>An archive as docker save made it before 25: layers in files of any name, described at the end.</summary>
    /// <param name="promised">What the config gives the digest of, instead of the layer.</param>
    private string Old(string layer, string name, byte[]? promised = null)
    {
        var folder = Directory.CreateDirectory(engine.Folder["old-" + name]).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "0123"));
        File.Copy(layer, Path.Combine(folder, "0123/layer.tar"), overwrite: true);
        var digest = Convert.ToHexStringLower(SHA256.HashData(promised ?? File.ReadAllBytes(layer)));
        File.WriteAllText(Path.Combine(folder, "config.json"), "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + digest + "\"]}}");
        File.WriteAllText(Path.Combine(folder, "manifest.json"), "[{\"Config\":\"config.json\",\"RepoTags\":[\"old:1\"],\"Layers\":[\"0123/layer.tar\"]}]");
        Command.Must("tar", "-C", folder, "-cf", engine.Folder[name + ".old"], "0123/layer.tar", "config.json", "manifest.json");
        return engine.Folder[name + ".old"];
    }

    private void Refused(string why, byte[] archive)
    {
        File.WriteAllBytes(engine.Folder["refused.tar"], archive);
        var result = engine.Naru("load", "-i", engine.Folder["refused.tar"]);
        Assert.Equal(1, result.Code);
        Assert.Contains(why, result.Error);
    }
}
