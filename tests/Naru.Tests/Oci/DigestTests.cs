using Naru.Oci;

namespace Naru.Tests.Oci;

public sealed class DigestTests
{
    [Theory]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    public void Content_is_hashed_again_by_the_digests_own_algorithm(string text)
    {
        var digest = Digest.Parse(text);
        Assert.Equal(digest, digest.Again("abc"u8));
        Assert.NotEqual(digest, digest.Again("abd"u8));
    }

    [Fact]
    public void Without_a_digest_it_is_sha256() => Assert.Equal(Digest.Of("abc"u8), default(Digest).Again("abc"u8));
}
