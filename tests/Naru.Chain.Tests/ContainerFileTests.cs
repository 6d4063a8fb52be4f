namespace Naru.Chain.Tests;

/// <summary>Files in and out of containers: cp, diff, export, volumes.</summary>
public sealed class ContainerFileTests(Engine engine) : IClassFixture<Engine>
{
    private const string Image = Engine.Image;

    [ChainFact]
    public void Mtab_leads_to_the_mounts_unless_the_image_has_its_own()
    {
        Assert.Equal("/proc/mounts", engine.Must("run", "--name", "mtab", Engine.Image, "readlink", "/etc/mtab"));
        Assert.Equal("", engine.Must("diff", "mtab"));
        Assert.StartsWith("overlay / overlay ", engine.Must("run", "--rm", Engine.Image, "cat", "/etc/mtab"), StringComparison.Ordinal);
        engine.Must("rm", "mtab");
        var own = new BuildContext(engine, "own-mtab", $"FROM {Engine.Image}\nRUN echo own > /etc/mtab; chmod 711 /etc\n");
        own.Must();
        Assert.Equal("own", engine.Must("run", "--rm", "own-mtab", "cat", "/etc/mtab"));
        var look = new BuildContext(engine, "etc-look", $"FROM {Engine.Image}\nRUN chmod 711 /etc; chown 3:4 /etc\n");
        look.Must();
        Assert.Equal("711 3:4", engine.Must("run", "--rm", "etc-look", "stat", "-c", "%a %u:%g", "/etc"));
    }

    [ChainFact]
    public void Cp_brings_files_out_and_in_of_what_runs_and_of_what_does_not()
    {
        var here = Directory.CreateDirectory(engine.Folder["cp"]).FullName;
        engine.Must("run", "-d", "--name", "box", "-v", "boxed:/v", Image, "sh", "-c", "mkdir /d; echo one >/d/one; ln -s one /d/link; echo v >/v/v; sleep 60");
        Command.Until(() => engine.Naru("exec", "box", "test", "-f", "/v/v").Code == 0, "the files");
        foreach (var state in (string[])["runs", "stopped"])
        {
            var to = Path.Combine(here, state);
            engine.Must("cp", "box:/d", to);
            Assert.Equal("one\n", File.ReadAllText(Path.Combine(to, "one")));
            Assert.Equal("one", new FileInfo(Path.Combine(to, "link")).LinkTarget);
            engine.Must("cp", "box:/v/v", to + "-v");
            Assert.Equal("v\n", File.ReadAllText(to + "-v"));
            File.WriteAllText(Path.Combine(here, "in"), state);
            engine.Must("cp", Path.Combine(here, "in"), "box:/v/in");
            engine.Must("cp", Path.Combine(here, "in"), $"box:/d/{state}");
            Assert.Contains("Could not find the file /nope in container box", engine.Naru("cp", "box:/nope", here).Error);
            engine.Naru("stop", "-t", "0", "box");
        }

        engine.Must("start", "box");
        Assert.Equal("stopped runs stopped", engine.Must("exec", "box", "sh", "-c", "echo $(cat /v/in) $(cat /d/runs) $(cat /d/stopped)"));
        engine.Must("rm", "-f", "box");
        engine.Must("volume", "rm", "boxed");
    }

    [ChainFact]
    public void Cp_never_leaves_the_container_whatever_its_links_say()
    {
        var host = Directory.CreateDirectory(engine.Folder["host"]).FullName;
        var secret = Path.Combine(host, "secret");
        File.WriteAllText(secret, "the host's");
        engine.Must("run", "-d", "--name", "liar", Image, "sh", "-c", $"ln -s {secret} /out; ln -s {host} /dir; ln -s ../../../../../../..{host} /up; sleep 60");
        Command.Until(() => engine.Naru("exec", "liar", "test", "-L", "/up").Code == 0, "the links");
        var mine = engine.Folder["mine"];
        File.WriteAllText(mine, "mine");
        for (var round = 0; round < 2; round++)
        {
            Assert.NotEqual(0, engine.Naru("cp", "-L", "liar:/out", engine.Folder["got"]).Code);
            Assert.NotEqual(0, engine.Naru("cp", "liar:/dir/secret", engine.Folder["got"]).Code);
            foreach (var target in (string[])["/out", "/dir/secret", "/up/secret", "/dir/", "/up/"])
                engine.Naru("cp", mine, "liar:" + target);
            Assert.Equal("the host's", File.ReadAllText(secret));
            Assert.Equal([secret], Directory.GetFileSystemEntries(host));
            Assert.False(File.Exists(engine.Folder["got"]));
            engine.Must("stop", "-t", "0", "liar");
        }

        engine.Must("rm", "-f", "liar");
    }

    [ChainFact]
    public void Cp_writes_nothing_where_the_container_may_not()
    {
        var mine = engine.Folder["file"];
        File.WriteAllText(mine, "mine");
        engine.Must("create", "--name", "fixed", "--read-only", "-v", "kept:/kept:ro", Image, "true");
        Assert.Contains("container rootfs is marked read-only", engine.Naru("cp", mine, "fixed:/x").Error);
        Assert.Contains("mounted volume is marked read-only", engine.Naru("cp", mine, "fixed:/kept/x").Error);
        engine.Must("rm", "fixed");
        engine.Must("volume", "rm", "kept");
    }

    [ChainFact]
    public void Diff_tells_what_changed_and_not_what_the_engine_made()
    {
        engine.Must("run", "--name", "changed", Image, "sh", "-c", "echo a >/new; echo x >>/etc/passwd; rm /etc/group; mkdir -p /d/e; rmdir /var/www; mkdir /var/www");
        Assert.Equal("A /d\nA /d/e\nA /new\nC /etc\nC /etc/passwd\nD /etc/group", string.Join('\n', engine.Must("diff", "changed").Split('\n').Order(StringComparer.Ordinal)));
        engine.Must("rm", "changed");
        engine.Must("create", "--name", "same", Image, "true");
        Assert.Equal("", engine.Must("diff", "same"));
        engine.Must("rm", "same");
    }

    [ChainFact]
    public void Export_is_the_container_without_its_volumes()
    {
        engine.Must("run", "--name", "whole", "-v", "apart:/v", Image, "sh", "-c", "echo here >/exported; echo there >/v/v");
        var archive = engine.Folder["whole.tar"];
        engine.Must("export", "-o", archive, "whole");
        var names = Command.Must("tar", "tf", archive).Split('\n');
        Assert.Contains("exported", names);
        Assert.Contains("bin/busybox", names);
        Assert.Contains("v/", names);
        Assert.DoesNotContain("v/v", names);
        Assert.Equal("here", Command.Must("tar", "xOf", archive, "exported"));
        engine.Must("rm", "whole");
        engine.Must("volume", "rm", "apart");
    }

    [ChainFact]
    public void A_new_volume_starts_with_what_the_image_has_there()
    {
        Assert.Equal("group passwd", engine.Must("run", "--rm", "-v", "copied:/etc", Image, "sh", "-c", "cd /etc; echo $(ls group passwd)"));
        Assert.Equal("root:x:0:0:root:/root:/bin/sh", engine.Must("run", "--rm", "-v", "copied:/v", Image, "head", "-1", "/v/passwd"));
        Assert.Equal("", engine.Must("run", "--rm", "-v", "plain:/var:nocopy", Image, "ls", "/var"));
        engine.Must("volume", "rm", "copied", "plain");
    }
}
