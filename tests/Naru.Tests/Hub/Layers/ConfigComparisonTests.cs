using Naru.Hub.Layers;
using Naru.Oci;

namespace Naru.Tests.Hub.Layers;

public sealed class ConfigComparisonTests
{
    [Fact]
    public void Variables_labels_and_commands_are_compared_one_by_one()
    {
        var from = new ImageConfig { Os = "linux", Architecture = "amd64", Config = new() { Env = ["PATH=/bin", "A=1", "GONE=x"], Cmd = ["sh"], Labels = new Dictionary<string, string> { ["v"] = "1" } } };
        var to = new ImageConfig { Os = "linux", Architecture = "amd64", Config = new() { Env = ["PATH=/bin", "A=2"], Cmd = ["sh", "-c", "echo \"hi\""], User = "app", Labels = new Dictionary<string, string> { ["v"] = "1" } } };
        Assert.Equal(
            [new("Cmd", null, "[\"sh\"]", "[\"sh\",\"-c\",\"echo \\\"hi\\\"\"]"), new("User", null, null, "app"), new("Env", "A", "1", "2"), new("Env", "GONE", "x", null)],
            ConfigComparison.Compare(from, to));
        Assert.Empty(ConfigComparison.Compare(to, to));
    }
}
