using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Naru.Base;
using Naru.Hub.Layers;
using Naru.Images;

namespace Naru.Tests.Hub.Layers;

public sealed class LayerFilesTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_layers_folders_and_files_are_found_again(string compression)
    {
        var tar = Layers.Tar(
            Layers.Folder("etc", 0x1C0), Layers.File("etc/hosts", "127.0.0.1 localhost\n"), Layers.File("etc-b", "b"), Layers.File("usr/bin/tool", "#!/bin/sh\n"),
            Layers.Other("bin", TarEntryType.Symlink, "usr/bin"), Layers.Other("dev/console", TarEntryType.CharacterDevice), Layers.Other("run/pipe", TarEntryType.Fifo));
        await using var stage = new LayerStage();
        var layer = (await stage.PushAndIndex(compression == "plain" ? tar : compression == "gzip" ? Layers.Gzip(tar) : Layers.Zstd(tar)))[0];
        Assert.Equal(["bin", "dev", "etc", "etc-b", "run", "usr"], await stage.Names(layer, ""));
        Assert.Equal(["hosts"], await stage.Names(layer, "/etc/"));
        var etc = (await stage.Files.List(layer, "etc", null, 10, default)).Self!;
        Assert.Equal((LayerEntryKind.Directory, 0x1C0u, 20L, 1L, false), (etc.Kind, etc.Mode, etc.Size, etc.Below, etc.Implied));
        var usr = (await stage.Files.List(layer, "usr", null, 10, default)).Self!;
        Assert.Equal((LayerEntryKind.Directory, 10L, 2L, true), (usr.Kind, usr.Size, usr.Below, usr.Implied));
        var root = (await stage.Files.List(layer, "", null, 10, default)).Children;
        Assert.Equal("usr/bin", root[0].Target);
        var console = (await stage.Files.List(layer, "dev", null, 10, default)).Children[0];
        Assert.Equal((LayerEntryKind.CharacterDevice, 5u, 1u), (console.Kind, console.DeviceMajor, console.DeviceMinor));
        Assert.Equal("127.0.0.1 localhost\n"u8.ToArray(), await stage.Read(layer, "etc/hosts"));
        Assert.Equal("0.0.1"u8.ToArray(), await stage.Read(layer, "etc/hosts", 4, 5));
        var hosts = (await stage.Files.List(layer, "etc", null, 10, default)).Children[0];
        Assert.Equal(SHA256.HashData("127.0.0.1 localhost\n"u8), hosts.Sha256);
        var summary = await stage.Files.Describe(layer, default);
        Assert.Equal((tar.Length, 11, 31), ((int)summary.RawSize, (int)summary.Entries, (int)summary.FileBytes));
        Assert.Null((await stage.Files.List(layer, "no/such", null, 10, default)).Self);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("gzip, one block")]
    [InlineData("gzip, members")]
    [InlineData("zstd, frames")]
    public async Task One_file_of_a_large_layer_costs_a_small_part_of_it(string compression)
    {
        var files = new List<(TarEntry, byte[])>();
        for (var i = 0; i < 20; i++)
            files.Add(Layers.File($"data/{i:d2}", Layers.Text(1 << 20, i)));
        var tar = Layers.Tar([.. files]);
        var blob = compression switch
        {
            "gzip" => Layers.Gzip(tar, CompressionLevel.Optimal),
            "gzip, one block" => Layers.Gzip(tar),
            "zstd, frames" => Layers.Zstd(tar, 300_000),
            _ => [.. Layers.Gzip(tar.AsSpan(0, 1_000_001)), .. Layers.Gzip(tar.AsSpan(1_000_001, 9_000_000)), .. Layers.Gzip(tar.AsSpan(10_000_001))],
        };
        await using var stage = new LayerStage(LayerIndexLimits.Default with { CheckpointDistance = 1 << 20 });
        var layer = (await stage.PushAndIndex(blob))[0];
        foreach (var number in (int[])[0, 7, 13, 19])
        {
            stage.Storage.Asked = stage.Storage.Reads = 0;
            Assert.Equal(files[number].Item2, await stage.Read(layer, $"data/{number:d2}"));
            Assert.InRange(stage.Storage.Asked, 1, (blob.Length / 5) + (64 << 10));
            Assert.InRange(stage.Storage.Reads, 1, 4);
        }

        Assert.Equal(files[13].Item2[700_000..700_100], await stage.Read(layer, "data/13", 700_000, 100));
        Assert.Equal(files[19].Item2[^5..], await stage.Read(layer, "data/19", (1 << 20) - 5, 100));
    }

    [Fact]
    public async Task Checkpoints_stay_few_however_long_the_layer_is()
    {
        var content = Layers.Text(6 << 20, 1);
        await using var stage = new LayerStage(LayerIndexLimits.Default with { CheckpointDistance = 64 << 10, Checkpoints = 8 });
        var layer = (await stage.PushAndIndex(Layers.Gzip(Layers.Tar(Layers.File("a", content)), CompressionLevel.Optimal)))[0];
        var index = (await stage.Indexes.Find(layer, default))!;
        Assert.InRange(index.Header.Checkpoints, 4, 8);
        Assert.Equal(content[5_000_000..5_000_500], await stage.Read(layer, "a", 5_000_000, 500));
    }

    [Fact]
    public async Task Whiteouts_are_entries_of_what_they_hide()
    {
        await using var stage = new LayerStage();
        var layer = (await stage.PushAndIndex(Layers.Tar(
            Layers.File("etc/.wh.gone", ""), Layers.File("var/.wh..wh..opq", ""), Layers.File(".wh.again", ""), Layers.File("again", "x"), Layers.File(".wh.folder", ""),
            Layers.File("folder/new", "y"), Layers.File(".wh..wh.plnk", ""))))[0];
        Assert.Equal(["again", "etc", "folder", "var"], await stage.Names(layer, ""));
        var gone = Assert.Single((await stage.Files.List(layer, "etc", null, 10, default)).Children);
        Assert.Equal(("gone", LayerEntryKind.Whiteout), (gone.Name, gone.Kind));
        var root = (await stage.Files.List(layer, "", null, 10, default)).Children;
        Assert.Equal([(LayerEntryKind.File, true, false), (LayerEntryKind.Directory, false, false), (LayerEntryKind.Directory, true, false), (LayerEntryKind.Directory, false, true)],
            from entry in root select (entry.Kind, entry.Hides, entry.Opaque));
        await Assert.ThrowsAsync<NaruException>(() => stage.Read(layer, "etc/gone"));
    }

    [Fact]
    public async Task A_hard_link_gives_the_bytes_of_its_file_where_the_layer_has_them()
    {
        await using var stage = new LayerStage();
        var layer = (await stage.PushAndIndex(Layers.Gzip(Layers.Tar(
            Layers.File("lib/a", "the bytes"), Layers.Other("b", TarEntryType.HardLink, "lib/a"), Layers.Other("c", TarEntryType.HardLink, "./b"), Layers.Other("d", TarEntryType.HardLink, "below")))))[0];
        Assert.Equal("the bytes"u8.ToArray(), await stage.Read(layer, "b"));
        Assert.Equal("the bytes"u8.ToArray(), await stage.Read(layer, "c"));
        var failure = await Assert.ThrowsAsync<NaruException>(() => stage.Read(layer, "d"));
        Assert.Contains("below, whose bytes are not in this layer", failure.Message);
        Assert.Equal(9, (await stage.Files.Describe(layer, default)).FileBytes);
    }

    [Fact]
    public async Task A_file_with_holes_is_read_with_its_zeros()
    {
        var folder = Directory.CreateTempSubdirectory("naru-layers-").FullName;
        try
        {
            var expected = new byte[3_000_000];
            Layers.Text(5000, 1).CopyTo(expected, 1_048_576);
            Layers.Text(4096, 2).CopyTo(expected, 2_097_152);
            await using (var file = File.Create(Path.Combine(folder, "holes")))
            {
                file.SetLength(expected.Length);
                file.Position = 1_048_576;
                file.Write(expected, 1_048_576, 5000);
                file.Position = 2_097_152;
                file.Write(expected, 2_097_152, 4096);
            }

            using (var tar = System.Diagnostics.Process.Start("tar", ["-C", folder, "--sparse", "--format=gnu", "-czf", Path.Combine(folder, "layer"), "holes"]))
                await tar.WaitForExitAsync();
            await using var stage = new LayerStage();
            var layer = (await stage.PushAndIndex(await File.ReadAllBytesAsync(Path.Combine(folder, "layer"))))[0];
            Assert.Equal(expected, await stage.Read(layer, "holes"));
            Assert.Equal(expected[1_050_000..2_098_000], await stage.Read(layer, "holes", 1_050_000, 48_000 + 1_000_000));
            Assert.True((await stage.Files.Open(layer, "holes", default)).Entry.Sparse is not null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Names_of_any_bytes_and_many_files_in_one_folder_are_listed_page_by_page()
    {
        var entries = new List<(TarEntry, byte[])>();
        for (var i = 0; i < 3000; i++)
            entries.Add(Layers.File($"many/{new string('x', i % 200)}{i:d4}", $"{i}"));
        var deep = string.Join('/', Enumerable.Repeat("a-rather-long-folder-name", 100));
        entries.Add(Layers.File($"{deep}/한국어", "deep"));
        entries.Add((new TarEntry { Name = [(byte)'b', 0xFF, (byte)'/', 0xFE], Mode = 0x1A4, Size = 1 }, "z"u8.ToArray()));
        await using var stage = new LayerStage();
        var layer = (await stage.PushAndIndex(Layers.Gzip(Layers.Tar([.. entries]))))[0];
        var seen = new List<string>();
        string? after = null;
        do
        {
            var part = await stage.Files.List(layer, "many", after, 700, default);
            seen.AddRange(from entry in part.Children select entry.Name);
            after = part.Next;
        }
        while (after is not null);
        Assert.Equal(3000, seen.Distinct().Count());
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal("deep"u8.ToArray(), await stage.Read(layer, $"{deep}/한국어"));
        Assert.Equal("z"u8.ToArray(), await stage.Read(layer, "b\uFFFD/\uFFFD"));
        Assert.Equal("1234"u8.ToArray(), await stage.Read(layer, $"many/{new string('x', 1234 % 200)}1234"));
    }

    [Fact]
    public async Task Of_a_path_that_is_there_twice_the_last_one_counts()
    {
        await using var stage = new LayerStage();
        var layer = (await stage.PushAndIndex(Layers.Tar(Layers.File("a", "first"), Layers.File("./a", "second"), Layers.Folder("b"), Layers.File("b", "no folder"))))[0];
        Assert.Equal("second"u8.ToArray(), await stage.Read(layer, "a"));
        Assert.Equal("no folder"u8.ToArray(), await stage.Read(layer, "b"));
        Assert.Equal(2, (await stage.Files.Describe(layer, default)).Entries);
    }

    [Fact]
    public async Task A_path_out_of_the_root_is_refused()
    {
        await using var stage = new LayerStage();
        var layer = (await stage.PushAndIndex(Layers.Tar(Layers.File("a", "x"))))[0];
        var failure = await Assert.ThrowsAsync<NaruException>(() => stage.Read(layer, "../../etc/passwd"));
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<NaruException>(() => stage.Read(layer, "etc/passwd"))).Kind);
    }
}
