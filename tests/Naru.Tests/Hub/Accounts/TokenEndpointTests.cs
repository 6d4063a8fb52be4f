using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Naru.Hub.Accounts;
using Naru.HubServer.Api;
using Naru.HubServer.Http;

namespace Naru.Tests.Hub.Accounts;

/// <summary>/token as clients ask it.</summary>
public sealed class TokenEndpointTests
{
    [Fact]
    public async Task Docker_login_gets_a_token_and_a_refresh_token_and_goes_on_by_that()
    {
        await using var stage = await AccountStage.Open();
        var first = await Get(stage, "?account=alice&client_id=docker&offline_token=true&service=hub.test", AccountStage.Basic("alice", AccountStage.Password));
        var refresh = first.GetProperty("refresh_token").GetString()!;
        Assert.Equal(first.GetProperty("token").GetString(), first.GetProperty("access_token").GetString());
        Assert.Equal(300, first.GetProperty("expires_in").GetInt32());
        Assert.Equal("2030-01-01T00:00:00Z", first.GetProperty("issued_at").GetString());
        var next = await Post(stage, $"grant_type=refresh_token&refresh_token={refresh}&service=hub.test&client_id=docker&scope=repository:alice/app:pull,push");
        Assert.Equal("repository:alice/app:pull,push", next.GetProperty("scope").GetString());
        Assert.Equal(refresh, next.GetProperty("refresh_token").GetString());
        Assert.Equal("alice", (await stage.Identify("Bearer " + next.GetProperty("access_token").GetString())).Name);
    }

    [Fact]
    public async Task Containerd_posts_its_password_and_several_scopes()
    {
        await using var stage = await AccountStage.Open();
        var answer = await Post(stage, $"grant_type=password&username=alice&password={Uri.EscapeDataString(AccountStage.Password)}&service=hub.test&client_id=containerd-client&scope=repository%3Aalice%2Fa%3Apull+repository%3Aalice%2Fb%3Apull%2Cpush");
        Assert.Equal("repository:alice/a:pull repository:alice/b:pull,push", answer.GetProperty("scope").GetString());
        Assert.False(answer.TryGetProperty("refresh_token", out _));
        var offline = await Post(stage, $"grant_type=password&username=alice&password={Uri.EscapeDataString(AccountStage.Password)}&service=hub.test&client_id=x&access_type=offline");
        Assert.True(offline.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task Nobody_in_particular_gets_a_token_for_what_is_public()
    {
        await using var stage = await AccountStage.Open();
        await stage.Repository("alice", "alice/app", hidden: false);
        await stage.Repository("alice", "alice/secret", hidden: true);
        var answer = await Get(stage, "?service=hub.test&scope=repository:alice/app:pull&scope=repository:alice/secret:pull&scope=repository:alice/absent:pull", null);
        Assert.Equal("repository:alice/app:pull", answer.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("grant_type=password&username=alice&password=wrong-password", 401)]
    [InlineData("grant_type=refresh_token&refresh_token=naru_ref_wrong", 401)]
    [InlineData("grant_type=refresh_token", 401)]
    [InlineData("grant_type=authorization_code", 400)]
    [InlineData("", 400)]
    [InlineData("grant_type=password&service=other.test", 400)]
    public async Task What_is_wrong_in_a_form_is_told(string form, int status)
    {
        await using var stage = await AccountStage.Open();
        Assert.Equal(status, (await AccountStage.Refused(() => Post(stage, form))).Status);
    }

    [Fact]
    public async Task A_signed_token_gets_no_other()
    {
        await using var stage = await AccountStage.Open();
        var token = await stage.Signed(await stage.As("alice"));
        Assert.Equal(401, (await AccountStage.Refused(() => Get(stage, "", "Bearer " + token))).Status);
    }

    [Fact]
    public async Task A_token_for_another_registry_is_not_given()
    {
        await using var stage = await AccountStage.Open();
        Assert.Equal(400, (await AccountStage.Refused(() => Get(stage, "?service=other.test", null))).Status);
    }

    [Fact]
    public async Task The_first_question_is_answered_by_a_challenge_to_nobody_alone()
    {
        await using var stage = await AccountStage.Open();
        var callers = new Callers(stage.Rooms, null);
        Assert.Equal(401, (await AccountStage.Refused(() => callers.Of(Context("GET", "", null), "/v2/").AsTask())).Status);
        Assert.Equal("alice", (await callers.Of(Context("GET", "", AccountStage.Basic("alice", AccountStage.Password)), "/v2/")).Name);
        Assert.Null((await callers.Of(Context("GET", "", "Bearer " + await stage.Signed(Caller.Anonymous(""))), "/v2/")).Account);
        Assert.Null((await callers.Of(Context("GET", "", null), "/v2/alice/app/manifests/1")).Account);
    }

    private static Task<JsonElement> Get(AccountStage stage, string query, string? authorization) => Ask(stage, Context("GET", query, authorization));

    private static Task<JsonElement> Post(AccountStage stage, string form)
    {
        var context = Context("POST", "", null);
        context.Request.ContentType = "application/x-www-form-urlencoded";
        context.Request.ContentLength = form.Length;
        context.Request.Body = new MemoryStream(Encoding.ASCII.GetBytes(form));
        return Ask(stage, context);
    }

    private static async Task<JsonElement> Ask(AccountStage stage, HttpContext context)
    {
        var callers = new Callers(stage.Rooms, null);
        var endpoints = new TokenEndpoints(stage.Rooms, callers);
        var call = new HubCall(context, await callers.Of(context, "/token"), new Dictionary<string, string>());
        await (context.Request.Method == "GET" ? endpoints.Get(call) : endpoints.Post(call));
        Assert.Equal("no-store", context.Response.Headers.CacheControl);
        return JsonDocument.Parse(((MemoryStream)context.Response.Body).ToArray()).RootElement;
    }

    private static DefaultHttpContext Context(string method, string query, string? authorization)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Scheme = "https";
        context.Request.Host = new HostString(AccountStage.Service);
        context.Request.QueryString = new QueryString(query);
        context.Request.Headers.Authorization = authorization;
        context.Response.Body = new MemoryStream();
        return context;
    }
}
