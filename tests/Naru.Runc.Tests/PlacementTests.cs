using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>linux.memoryPolicy and linux.personality, in the container's first process and in others.</summary>
public sealed class PlacementTests
{
    private readonly string _id = $"ncp-{Guid.NewGuid():N}"[..16];

    [ChainTheory]
    [InlineData("""{"mode": "MPOL_BIND", "nodes": "0"}""", "bind:0")]
    [InlineData("""{"mode": "MPOL_PREFERRED", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]}""", "prefer=static:0")]
    [InlineData("""{"mode": "MPOL_INTERLEAVE", "nodes": "0-0"}""", "interleave:0")]
    [InlineData("""{"mode": "MPOL_LOCAL"}""", "local")]
    [InlineData("""{"mode": "MPOL_DEFAULT"}""", "default")]
    public void Memory_comes_from_the_nodes_of_the_policy(string policy, string shown)
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["memoryPolicy"] = JsonNode.Parse(policy));
        Assert.Equal([shown], held.Must("exec", _id, "cut", "-d ", "-f2", "/proc/self/numa_maps").Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct());
        Assert.Equal([shown], held.Must("exec", _id, "cut", "-d ", "-f2", "/proc/1/numa_maps").Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct());
    }

    [ChainTheory]
    [InlineData("""{"mode": "MPOL_NOPE"}""", "invalid memory policy mode \\\"MPOL_NOPE\\\"")]
    [InlineData("""{"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_NOPE"]}""", "invalid memory policy flag \\\"MPOL_F_NOPE\\\"")]
    [InlineData("""{"mode": "MPOL_BIND", "nodes": "a"}""", "invalid memory policy nodes \\\"a\\\"")]
    [InlineData("""{"mode": "MPOL_DEFAULT", "nodes": "0"}""", "MPOL_DEFAULT takes neither nodes nor flags")]
    [InlineData("""{"mode": "MPOL_BIND"}""", "memoryPolicy MPOL_BIND of nodes \\\"\\\": set_mempolicy: invalid argument")]
    [InlineData("""{"mode": "MPOL_BIND", "nodes": "1023"}""", "memoryPolicy MPOL_BIND of nodes \\\"1023\\\": set_mempolicy: invalid argument")]
    public void A_policy_that_cannot_be_is_refused(string policy, string why)
    {
        using var bundle = new Bundle("true");
        bundle.Change(spec => spec["linux"]!["memoryPolicy"] = JsonNode.Parse(policy));
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains(why, result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    [ChainFact]
    public void A_personality_holds_for_every_process()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["personality"] = JsonNode.Parse("""{"domain": "LINUX32"}"""));
        Assert.Equal("i686\n", held.Must("exec", _id, "uname", "-m"));
        Assert.Equal("00000008\n", held.Must("exec", _id, "cat", "/proc/1/personality"));
    }
}
