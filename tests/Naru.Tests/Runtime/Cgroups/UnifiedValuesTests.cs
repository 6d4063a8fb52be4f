using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;

namespace Naru.Tests.Runtime.Cgroups;

public sealed class UnifiedValuesTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(512, 59)]
    [InlineData(1024, 100)]
    [InlineData(2048, 174)]
    [InlineData(262144, 10000)]
    [InlineData(1000000, 10000)]
    public void Shares_become_weights(ulong shares, ulong weight) => Assert.Equal(weight, UnifiedValues.WeightOf(shares));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 1)]
    [InlineData(500, 4950)]
    [InlineData(1000, 10000)]
    public void Block_weights_become_io_weights(ushort weight, ulong expected) => Assert.Equal(expected, UnifiedValues.IoWeightOf(weight));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(-1L, null, "max")]
    [InlineData(100L, -1L, "max")]
    [InlineData(100L, 100L, "0")]
    [InlineData(100L, 150L, "50")]
    [InlineData(-1L, 150L, "150")]
    public void Swap_is_what_is_left_of_both_together(long? memory, long? both, string? swap) => Assert.Equal(swap, UnifiedValues.SwapOf(new MemoryResources { Limit = memory, Swap = both }));

    [Theory]
    [InlineData(100L, 50L, "memory+swap limit should be >= memory limit")]
    [InlineData(null, 50L, "unable to set swap limit without memory limit")]
    [InlineData(-2L, 50L, "invalid memory value: -2")]
    public void Swap_that_makes_no_sense_is_refused(long? memory, long both, string message) =>
        Assert.Equal(message, Assert.Throws<NaruException>(() => UnifiedValues.SwapOf(new MemoryResources { Limit = memory, Swap = both })).Message);

    [Fact]
    public void A_quota_has_the_kernels_period_where_none_is_given()
    {
        Assert.Equal("50000 100000", UnifiedValues.MaximumOf(new CpuResources { Quota = 50000 }));
        Assert.Equal("max 20000", UnifiedValues.MaximumOf(new CpuResources { Quota = -1, Period = 20000 }));
    }
}
