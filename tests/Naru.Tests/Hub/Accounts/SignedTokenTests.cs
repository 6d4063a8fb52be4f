using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Signing;

namespace Naru.Tests.Hub.Accounts;

/// <summary>Signed tokens: what is believed, and what is not.</summary>
public sealed class SignedTokenTests
{
    [Fact]
    public async Task A_token_says_what_the_specification_wants()
    {
        await using var stage = await AccountStage.Open();
        var answer = await stage.Rooms.Desk.Issue(await stage.As("alice"), AccountStage.Service, ["repository:alice/app:pull,push"], null, default);
        var parts = answer.Token.Split('.');
        Assert.Matches("""^\{"alg":"ES256","typ":"JWT","kid":"[A-Za-z0-9_-]{20}"\}$""", Text(parts[0]));
        var seconds = stage.Clock.GetUtcNow().ToUnixTimeSeconds();
        var payload = Text(parts[1]);
        Assert.StartsWith($$"""{"iss":"hub.test","sub":"alice","aud":"hub.test","exp":{{seconds + 300}},"nbf":{{seconds}},"iat":{{seconds}},"jti":""", payload);
        Assert.EndsWith(""","access":[{"type":"repository","name":"alice/app","actions":["pull","push"]}]}""", payload);
        Assert.Equal(300, answer.ExpiresIn);
        Assert.Null(answer.Refresh);
    }

    [Fact]
    public async Task Nothing_about_a_token_can_be_changed()
    {
        await using var stage = await AccountStage.Open();
        var token = await stage.Signed(await stage.As("alice"), "repository:alice/app:pull");
        await stage.Identify("Bearer " + token);
        var parts = token.Split('.');
        var header = Text(parts[0]);
        var payload = Text(parts[1]);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = new List<string>
        {
            Join(parts[0], Base(payload.Replace("alice/app", "alice/apq")), parts[2]),
            Join(parts[0], Base(payload.Replace("\"exp\":1", "\"exp\":2")), parts[2]),
            Join(Base(header.Replace("ES256", "none")), parts[1], ""),
            Join(Base(header.Replace("ES256", "none")), parts[1], parts[2]),
            Join(Base(header.Replace("ES256", "None")), parts[1], parts[2]),
            Join(Base(header.Replace("ES256", "HS256")), parts[1], Base64Url.EncodeToString(HMACSHA256.HashData(new byte[32], Encoding.ASCII.GetBytes(parts[1])))),
            Join(Base("{}"), parts[1], parts[2]),
            Join(Base("[]"), parts[1], parts[2]),
            Join(Base("nonsense"), parts[1], parts[2]),
            Join(Base(header.Replace("\"kid\":\"", "\"kid\":\"x")), parts[1], parts[2]),
            Join(parts[0], parts[1], Base64Url.EncodeToString(other.SignData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), HashAlgorithmName.SHA256))),
            Join(parts[0], parts[1], Base64Url.EncodeToString(new byte[64])),
            Join(parts[0], parts[1], parts[2][..^4]),
            $"{parts[0]}.{parts[1]}",
            token + ".x",
            new string('a', 20_000),
        };
        foreach (var one in forged)
        {
            var refused = await AccountStage.Refused(() => stage.Identify("Bearer " + one).AsTask());
            Assert.Equal("401 invalid_token", $"{refused.Status} {refused.TokenError}");
        }
    }

    [Fact]
    public async Task A_token_ends_after_five_minutes_and_one_of_skew_and_is_not_believed_before_its_time()
    {
        await using var stage = await AccountStage.Open();
        var token = "Bearer " + await stage.Signed(await stage.As("alice"));
        stage.Clock.Pass(TimeSpan.FromMinutes(5));
        await stage.Identify(token);
        stage.Clock.Pass(TimeSpan.FromSeconds(59));
        await stage.Identify(token);
        stage.Clock.Pass(TimeSpan.FromSeconds(1));
        await AccountStage.Refused(() => stage.Identify(token).AsTask());
        stage.Clock.Pass(TimeSpan.FromSeconds(-480));
        await AccountStage.Refused(() => stage.Identify(token).AsTask());
    }

    [Fact]
    public async Task A_token_for_another_registry_is_refused()
    {
        await using var stage = await AccountStage.Open();
        var token = "Bearer " + await stage.Signed(await stage.As("alice"));
        await AccountStage.Refused(() => stage.Rooms.Authentication.Identify(token, AccountStage.Address, "other.test", default).AsTask());
        await stage.Identify(token);
        await AccountStage.Refused(() => stage.Rooms.Authentication.Identify(token, AccountStage.Address, "other.test", default).AsTask());
    }

    [Fact]
    public async Task All_processes_sign_with_one_key()
    {
        await using var stage = await AccountStage.Open();
        var caller = await stage.As("alice");
        var tokens = await Task.WhenAll(stage.Signed(caller), Issue(stage.OtherProcess(), caller), Issue(stage.OtherProcess(), caller));
        Assert.Single(tokens.Select(token => token.Split('.')[0]).Distinct());
        foreach (var token in tokens)
            await stage.Identify("Bearer " + token);
    }

    [Fact]
    public async Task A_new_key_leaves_the_tokens_of_the_old_one_good_unless_it_is_to_be_forgotten()
    {
        await using var stage = await AccountStage.Open();
        var other = stage.OtherProcess();
        var caller = await stage.As("alice");
        var before = await stage.Signed(caller);
        await other.Authentication.Identify("Bearer " + before, AccountStage.Address, AccountStage.Service, default);
        await stage.Rooms.Desk.RotateKeys(Caller.Operator, forget: false, default);
        var after = await stage.Signed(caller);
        Assert.NotEqual(before.Split('.')[0], after.Split('.')[0]);
        stage.Clock.Pass(TimeSpan.FromSeconds(10));
        foreach (var token in (string[])[before, after])
        {
            await stage.Identify("Bearer " + token);
            await other.Authentication.Identify("Bearer " + token, AccountStage.Address, AccountStage.Service, default);
        }

        await stage.Rooms.Desk.RotateKeys(Caller.Operator, forget: true, default);
        stage.Clock.Pass(TimeSpan.FromSeconds(10));
        foreach (var token in (string[])[before, after])
        {
            await AccountStage.Refused(() => stage.Identify("Bearer " + token).AsTask());
            await AccountStage.Refused(() => other.Authentication.Identify("Bearer " + token, AccountStage.Address, AccountStage.Service, default).AsTask());
        }
    }

    [Fact]
    public async Task A_key_is_let_go_an_hour_after_it_was_replaced()
    {
        await using var stage = await AccountStage.Open();
        await stage.Signed(await stage.As("alice"));
        stage.Clock.Pass(TimeSpan.FromDays(100));
        await stage.Rooms.Desk.RotateKeys(Caller.Operator, forget: false, default);
        Assert.Equal(2, await Keys(stage));
        stage.Clock.Pass(TimeSpan.FromMinutes(61));
        await stage.Rooms.Desk.RotateKeys(Caller.Operator, forget: false, default);
        Assert.Equal(2, await Keys(stage));
    }

    [Fact]
    public void A_key_is_the_same_after_it_was_kept()
    {
        var key = SigningKey.Make(new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var read = SigningKey.Parse(key.ToString());
        Assert.Equal((key.Id, key.Created), (read.Id, read.Created));
        Assert.True(read.Verify([1, 2, 3], key.Sign([1, 2, 3])));
        Assert.False(read.Verify([1, 2, 4], key.Sign([1, 2, 3])));
    }

    private static async Task<int> Keys(AccountStage stage) =>
        (await stage.Database.Read(session => session.First("SELECT value FROM setting WHERE name = 'token-keys'", row => row.Text(0)), default))!.Split('\n').Length;

    private static async Task<string> Issue(AccountRooms rooms, Caller caller) => (await rooms.Desk.Issue(caller, AccountStage.Service, [], null, default)).Token;

    private static string Text(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));

    private static string Base(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Join(params string[] parts) => string.Join('.', parts);
}
