// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using ClusterManager.Manager.Hooks;
using ClusterManager.Manager.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Manager.Tests.Hooks;

/// <summary>Who may send a message, which answers there are, and that nothing of it reaches further than a look.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it by IAsyncLifetime.")]
public sealed class HookEndpointTests : IAsyncLifetime
{
    private const string Token = "0123456789abcdef01234567";
    private const string Body = """{"events":[{"action":"push","target":{"repository":"shop/web","tag":"latest"}}]}""";
    private readonly string _directory = Directory.CreateTempSubdirectory("cm-hooks-").FullName;
    private readonly Target _target = new();
    private readonly HttpClient _client = new();
    private WebApplication _app = null!;

    private string TokenFile => Path.Combine(_directory, "hooks.token");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(TokenFile, Token + "\n");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.UseRouting();
        var hooks = new HookEndpoint(new AccessToken(TokenFile), _target, TimeProvider.System, NullLogger<HookEndpoint>.Instance);
        _app.MapPost(HookEndpoint.Path, hooks.AnswerAsync);
        _app.MapPost(HookEndpoint.Path + "/{" + HookEndpoint.TokenPart + "}", hooks.AnswerAsync);
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("", Token)]
    [InlineData("/" + Token, null)]
    public async Task A_message_with_the_token_makes_the_leader_look(string path, string? bearer)
    {
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(path, bearer, Body));
        Assert.Equal([new ImageNotice("shop/web", "latest")], _target.News);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("", "wrong")]
    [InlineData("", Token + "x")]
    [InlineData("/wrong", Token)]
    [InlineData("/wrong", null)]
    public async Task Without_the_token_nothing_is_read(string path, string? bearer)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(path, bearer, Body));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(path, bearer, "garbage"));
        Assert.Empty(_target.News);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("tooshort")]
    public async Task Without_a_token_that_could_not_be_guessed_nobody_may(string? token)
    {
        File.Delete(TokenFile);
        if (token is not null) await File.WriteAllTextAsync(TokenFile, token);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync("", token ?? Token, Body));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync("/" + (token ?? Token), null, Body));
    }

    [Fact]
    public async Task Garbage_is_400_too_much_is_413_and_no_news_is_well()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("", Token, "garbage"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("", Token, ""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync("", Token, new string(' ', HookEndpoint.BodyBytesMax) + Body));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("", Token, """{"events":[]}"""));
        Assert.Empty(_target.News);
    }

    [Fact]
    public async Task More_than_it_takes_is_429_and_without_a_leader_it_is_503()
    {
        _target.IsAway = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync("", Token, Body));
        _target.IsAway = false;
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < HookRate.Burst * 3; i++) answers.Add(await PostAsync("", Token, Body));
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.Accepted, answers[0]);
    }

    private async Task<HttpStatusCode> PostAsync(string path, string? bearer, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_app.Urls.Single()}{HookEndpoint.Path}{path}");
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        request.Content = new StringContent(body);
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }

    private sealed class Target : IHookTarget
    {
        public List<ImageNotice> News { get; } = [];

        public bool IsAway { get; set; }

        public Task<int> LookAsync(IReadOnlyCollection<ImageNotice> news, CancellationToken cancellationToken)
        {
            if (IsAway) throw new RpcException(new Status(StatusCode.Unavailable, "nobody leads"));
            News.AddRange(news);
            return Task.FromResult(1);
        }
    }
}
