namespace Naru.Chain.Tests;

/// <summary>What is installed stays small: docs/decisions/0023-size-on-disk.md says how, and how to find what made it grow.</summary>
public sealed class ProgramSizeTests
{
    [ChainFact]
    public void The_programs_take_no_more_than_67_MB()
    {
        string[] files = ["naru", "narud", "naru-containerd", "naru-shim", "naru-runc", "libe_sqlite3.so"];
        Assert.InRange(files.Sum(file => new FileInfo(Path.Combine(Programs.Folder, file)).Length), 1_000_000, 67_000_000);
    }
}
