// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Shared.Tests.Registry;

/// <summary>Who is told what: tokens and passwords go where they belong and nowhere else.</summary>
public sealed class AuthTests
{
    private const string Password = "correct-horse-battery";
    private const string Bearer = "Bearer realm=\"https://auth.example/token\",service=\"reg\",scope=\"repository:shop/web:pull\"";
    private static readonly ImageName Web = ImageName.Parse("registry.example/shop/web:1");
    private static readonly (string, string) Kind = ("Content-Type", Manifests.Image);
    private readonly ManualTime _time = new();
    private int _tokens;

    [Fact]
    public async Task A_token_is_fetched_once_and_again_when_it_is_about_to_end()
    {
        var handler = new ScriptedHandler(request => Answer(request, wanted: () => $"Bearer t{_tokens}"));
        using var client = Client(handler);
        await client.ManifestAsync(Web, ManifestRead.Head, default);
        await client.ManifestAsync(Web, ManifestRead.Head, default);
        Assert.Equal(1, _tokens);
        var first = handler.Requests.Single(request => request.Address.Host == "auth.example");
        Assert.Equal("?service=reg&scope=repository%3Ashop%2Fweb%3Apull&account=olga", first.Address.Query);
        Assert.StartsWith("Basic ", first.Authorization, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(285));
        await client.ManifestAsync(Web, ManifestRead.Head, default);
        Assert.Equal(1, _tokens);
        _time.Advance(TimeSpan.FromSeconds(10));
        await client.ManifestAsync(Web, ManifestRead.Head, default);
        Assert.Equal(2, _tokens);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_replaced_once()
    {
        var wanted = "Bearer t1";
        var handler = new ScriptedHandler(request => Answer(request, () => wanted));
        using var client = Client(handler);
        await client.ManifestAsync(Web, ManifestRead.Head, default);
        wanted = "Bearer t2";
        await client.ManifestAsync(Web, ManifestRead.Head, default);
        Assert.Equal(2, _tokens);
        wanted = "Bearer none";
        var error = await FailsAsync(client, RegistryErrorKind.Refused);
        Assert.Equal(401, error.Status);
        Assert.Equal(3, _tokens);
    }

    [Fact]
    public async Task Another_repository_needs_another_token()
    {
        var handler = new ScriptedHandler(request => Answer(request, () => $"Bearer t{_tokens}"));
        using var client = Client(handler);
        await client.ManifestAsync(Web, ManifestRead.Head, default);
        await client.ManifestAsync(ImageName.Parse("registry.example/other:1"), ManifestRead.Head, default);
        Assert.Equal(2, _tokens);
    }

    [Fact]
    public async Task A_name_and_a_password_are_sent_when_asked_for_and_from_then_on()
    {
        var handler = new ScriptedHandler(request => request.Authorization is null
            ? ScriptedHandler.Answer(401, "", ("WWW-Authenticate", "Basic realm=\"r\""))
            : ScriptedHandler.Answer(200, Manifests.OfImage(), Kind));
        using var client = Client(handler);
        await client.ManifestAsync(Web, ManifestRead.Whole, default);
        await client.ManifestAsync(Web, ManifestRead.Whole, default);
        Assert.Equal(3, handler.Requests.Count);
        var elsewhere = ImageName.Parse("other.example/web:1");
        await Assert.ThrowsAsync<RegistryException>(() => client.ManifestAsync(elsewhere, ManifestRead.Whole, default));
        Assert.Null(handler.Requests[^1].Authorization);
    }

    [Fact]
    public async Task An_identity_token_is_exchanged_by_a_form()
    {
        var handler = new ScriptedHandler(request => Answer(request, () => "Bearer t1"));
        using var client = Client(handler, new RegistryCredential("", "", "identity-1"));
        await client.ManifestAsync(Web, ManifestRead.Head, default);
        var asked = handler.Requests.Single(request => request.Address.Host == "auth.example");
        Assert.Equal(("POST", null), (asked.Method, asked.Authorization));
        Assert.Contains("grant_type=refresh_token&refresh_token=identity-1", asked.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer realm=\"http://auth.example/token\"")]
    [InlineData("Bearer realm=\"file:///etc/passwd\"")]
    [InlineData("Bearer realm=\"https://a:b@auth.example/token\"")]
    [InlineData("Bearer")]
    public async Task A_token_service_without_encryption_is_not_asked(string challenge)
    {
        var handler = new ScriptedHandler(_ => ScriptedHandler.Answer(401, "", ("WWW-Authenticate", challenge)));
        using var client = Client(handler);
        await FailsAsync(client, RegistryErrorKind.Protocol);
        Assert.Single(handler.Requests);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"token\":\"a\\r\\nX: y\"}")]
    [InlineData("{\"token\":\"a b\"}")]
    [InlineData("<html>")]
    public async Task What_is_no_token_is_not_shown(string answer)
    {
        var handler = new ScriptedHandler(request => request.Address.Host == "auth.example"
            ? ScriptedHandler.Answer(200, answer)
            : ScriptedHandler.Answer(401, "", ("WWW-Authenticate", Bearer)));
        using var client = Client(handler);
        await FailsAsync(client, RegistryErrorKind.Protocol);
        Assert.Equal(2, handler.Requests.Count);
    }

    [Theory]
    [InlineData(401, RegistryErrorKind.Refused)]
    [InlineData(429, RegistryErrorKind.Throttled)]
    [InlineData(503, RegistryErrorKind.Unavailable)]
    public async Task A_failing_token_service_is_told_as_what_it_is(int status, RegistryErrorKind kind)
    {
        var handler = new ScriptedHandler(request => request.Address.Host == "auth.example"
            ? ScriptedHandler.Answer(status)
            : ScriptedHandler.Answer(401, "", ("WWW-Authenticate", Bearer)));
        using var client = Client(handler);
        Assert.Contains("token service", (await FailsAsync(client, kind)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_text_holds_what_was_shown()
    {
        var handler = new ScriptedHandler(request => request.Authorization is { } shown
            ? ScriptedHandler.Answer(403, $$"""{"errors":[{"code":"DENIED","message":"{{shown[6..]}} and {{Password}} are no good"}]}""")
            : ScriptedHandler.Answer(401, "", ("WWW-Authenticate", "Basic realm=\"r\"")));
        using var client = Client(handler);
        var error = await Assert.ThrowsAsync<RegistryException>(() => client.ManifestAsync(Web, ManifestRead.Whole, default));
        Assert.Equal(RegistryErrorKind.Refused, error.Kind);
        Assert.Contains("DENIED: *** and *** are no good", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, new RegistryCredential("olga", Password).ToString(), StringComparison.Ordinal);
    }

    private HttpResponseMessage Answer(Asked request, Func<string> wanted)
    {
        if (request.Address.Host == "auth.example")
            return ScriptedHandler.Answer(200, $$"""{"token":"t{{++_tokens}}","expires_in":300}""");
        return request.Authorization is { } shown && shown == wanted()
            ? ScriptedHandler.Answer(200, "", Kind, ("Docker-Content-Digest", Manifests.Digest('a').ToString()))
            : ScriptedHandler.Answer(401, "", ("WWW-Authenticate", Bearer));
    }

    private RegistryClient Client(ScriptedHandler handler, RegistryCredential? credential = null) => new(
        new RegistryClientOptions
        {
            Credentials = new OneCredential("registry.example", credential ?? new RegistryCredential("olga", Password)), Time = _time,
        },
        handler);

    private static async Task<RegistryException> FailsAsync(RegistryClient client, RegistryErrorKind kind)
    {
        var error = await Assert.ThrowsAsync<RegistryException>(() => client.ManifestAsync(Web, ManifestRead.Head, default));
        Assert.Equal(kind, error.Kind);
        return error;
    }
}
