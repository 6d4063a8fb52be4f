using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Passwords;

namespace Naru.Tests.Hub.Accounts;

/// <summary>How passwords are kept.</summary>
public sealed class PasswordHashTests
{
    [Fact]
    public async Task A_password_is_kept_with_its_own_salt_and_its_parameters()
    {
        var hash = new PasswordHash(1000);
        var one = await hash.Make("pässwörd ✓", default);
        var other = await hash.Make("pässwörd ✓", default);
        Assert.NotEqual(one, other);
        Assert.StartsWith("pbkdf2-sha512$1000$", one);
        Assert.True(await hash.Verify(one, "pässwörd ✓", default));
        Assert.False(await hash.Verify(one, "pässwörd", default));
    }

    [Fact]
    public void The_work_is_at_least_what_is_recommended() => Assert.InRange(PasswordHash.Recommended, 210_000, int.MaxValue);

    /// <summary>RFC 7914's vectors are of SHA-256; this one was computed by Python's hashlib.pbkdf2_hmac('sha512', b'password', b'salt1234salt1234', 1000, 64).</summary>
    [Fact]
    public async Task It_is_what_others_compute()
    {
        const string kept = "pbkdf2-sha512$1000$c2FsdDEyMzRzYWx0MTIzNA==$6LY5g8rX3x8S+07p41K9ZHtyIckE9bLGZ0sAv5WltvLAkrtL8SEZiQdkJP8DTChS57xxXNvt57vjhXYaANPMbA==";
        Assert.True(await new PasswordHash(10).Verify(kept, "password", default));
    }

    [Fact]
    public async Task Where_there_is_no_password_the_work_is_done_as_well()
    {
        var hash = new PasswordHash(10);
        Assert.False(await hash.Verify(null, "password", default));
        Assert.Equal(1, hash.Derived);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("pbkdf2-sha512$0$AAAA$AAAA")]
    [InlineData("pbkdf2-sha512$-1$AAAA$AAAA")]
    [InlineData("pbkdf2-sha512$1000$AAAA$AAAA")]
    [InlineData("pbkdf2-sha512$1000$!$!")]
    [InlineData("pbkdf2-sha512$999999999999$AAAA$AAAA")]
    [InlineData("md5$1$AAAA$AAAA")]
    public async Task What_cannot_be_read_is_no_passwords(string? stored) => Assert.False(await new PasswordHash(10).Verify(stored, "", default));

    [Fact]
    public async Task An_older_password_is_kept_anew_at_the_next_sign_in()
    {
        await using var stage = await AccountStage.Open();
        var before = await Stored(stage);
        var stronger = new AccountRooms(stage.Database, stage.Options with { PasswordRounds = 20 }, time: stage.Clock);
        await stronger.Authentication.ByPassword("alice", AccountStage.Password, AccountStage.Address, default);
        var after = await Stored(stage);
        Assert.StartsWith("pbkdf2-sha512$10$", before);
        Assert.StartsWith("pbkdf2-sha512$20$", after);
        Assert.Equal("alice", (await stage.As("alice")).Name);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("alice-2025-")]
    public void Weak_passwords_are_not_taken(string password) => Assert.ThrowsAny<Exception>(() => PasswordRules.Check("alice-2025-", password));

    private static async Task<string> Stored(AccountStage stage) =>
        (await stage.Database.Read(session => session.First("SELECT password FROM account WHERE name = 'alice'", row => row.Text(0)), default))!;
}
