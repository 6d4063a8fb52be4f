using Naru.Base;
using Naru.Build.Attestations;

namespace Naru.Tests.Build.Attestations;

public sealed class AttestOptionsTests
{
    [Fact]
    public void What_is_not_said_is_as_in_BuildKit()
    {
        var options = new AttestOptions().With("provenance", "").With("sbom", "type=sbom,EXTRA=x,generator=me/gen:1");
        Assert.Equal(new ProvenanceOptions(), options.Provenance);
        Assert.True(options.Provenance!.Full);
        Assert.Equal("https://slsa.dev/provenance/v0.2", options.Provenance.PredicateType);
        Assert.Equal("me/gen:1", options.Sbom!.Generator);
        Assert.Equal("x", options.Sbom.Parameters["EXTRA"]);
        Assert.Equal("docker/buildkit-syft-scanner:stable-1", new AttestOptions().With("sbom", "disabled=false").Sbom!.Generator);
    }

    [Theory]
    [InlineData("provenance", "type=provenance,disabled=true")]
    [InlineData("sbom", "disabled=true,generator=x")]
    // What buildx adds by itself.
    [InlineData("provenance", "mode=min,inline-only=true")]
    public void Nothing_is_said_where_nothing_is_wanted(string type, string value)
    {
        var options = new AttestOptions().With(type, value);
        Assert.Null(options.Provenance);
        Assert.Null(options.Sbom);
    }

    [Theory]
    [InlineData("foo", "", "unknown attestation type \"foo\"")]
    [InlineData("provenance", "mode=some", "invalid mode \"some\"")]
    [InlineData("provenance", "version=v3", "invalid provenance SLSA version: v3")]
    [InlineData("provenance", "reproducible=x", "failed to parse reproducible flag \"x\": strconv.ParseBool: parsing \"x\": invalid syntax")]
    [InlineData("provenance", "filename=../x", "invalid file name \"../x\" of a provenance attestation")]
    [InlineData("provenance", "colour=red", "unknown parameter \"colour\" of a provenance attestation")]
    [InlineData("sbom", "generator", "invalid value generator")]
    public void What_there_is_not_is_named(string type, string value, string message) =>
        Assert.Equal(message, Assert.Throws<NaruException>(() => new AttestOptions().With(type, value)).Message);
}
