// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;

namespace ClusterManager.Shared.Tests.Hosting.Security;

public sealed class JoinTokenTests
{
    private static readonly PublicKeyPin Pin = MakePin();

    [Fact]
    public void Token_round_trips()
    {
        var token = JoinToken.Create(Pin);

        var read = JoinToken.TryParse($"  {token.Reveal()}\n", out var problem);

        Assert.Null(problem);
        Assert.Equal((token.TokenId, token.Secret, token.Pin), (read!.TokenId, read.Secret, read.Pin));
        Assert.Equal(Pin.Text, read.Pin);
        Assert.Matches("^CMT-1-[1-9A-Za-z]{9}-[1-9A-Za-z]{28}-[1-9A-Za-z]{44}$", token.Reveal());
    }

    [Fact]
    public void Tokens_differ() => Assert.NotEqual(JoinToken.Create(Pin).Reveal(), JoinToken.Create(Pin).Reveal());

    [Theory]
    [InlineData("", "empty")]
    [InlineData("hello", "does not begin with CMT-")]
    [InlineData("cmt-1-a-b-c", "does not begin with CMT-")]
    [InlineData("CMT-2-a-b-c", "another format")]
    [InlineData("CMT", "cut off")]
    [InlineData("CMT-1-abcdefghj", "cut off")]
    [InlineData("CMT-1-a-b-c-d", "more than five parts")]
    [InlineData("CMT-1-short-{secret}-{pin}", "id is cut off: it has 5 of 9")]
    [InlineData("CMT-1-{id}-{secret}x-{pin}", "secret is too long")]
    [InlineData("CMT-1-{id}-short-{pin}", "secret is cut off")]
    [InlineData("CMT-1-{id}-{secret}-short", "pin is cut off")]
    [InlineData("CMT-1-0OIl+++++-{secret}-{pin}", "id contains a character")]
    public void Parse_error_names_what_is_wrong(string pattern, string expected)
    {
        var token = JoinToken.Create(Pin);
        var text = pattern.Replace("{id}", token.TokenId).Replace("{secret}", token.Secret.Reveal()).Replace("{pin}", token.Pin);

        Assert.Null(JoinToken.TryParse(text, out var problem));

        Assert.Contains(expected, problem);
        Assert.DoesNotContain(token.Secret.Reveal(), problem);
    }

    [Fact]
    public void Null_is_an_empty_token()
    {
        Assert.Null(JoinToken.TryParse(null, out var problem));
        Assert.Contains("empty", problem);
    }

    [Fact]
    public void Stored_hash_matches_its_secret_only()
    {
        var token = JoinToken.Create(Pin);
        var stored = TokenSecretHash.TryParse(TokenSecretHash.Of(token.Secret).ToString());

        Assert.True(stored!.Matches(token.Secret));
        Assert.False(stored.Matches(JoinToken.Create(Pin).Secret));
        Assert.DoesNotContain(token.Secret.Reveal(), stored.ToString());
        Assert.NotEqual(stored.ToString(), TokenSecretHash.Of(token.Secret).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("s1:00:00")]
    [InlineData("s2:00112233445566778899aabbccddeeff:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("s1:zz112233445566778899aabbccddeeff:0000000000000000000000000000000000000000000000000000000000000000")]
    public void Alien_stored_hash_is_refused(string? text) => Assert.Null(TokenSecretHash.TryParse(text));

    [Fact]
    public void Token_and_secret_do_not_show_themselves()
    {
        var token = JoinToken.Create(Pin);
        Assert.DoesNotContain(token.Secret.Reveal(), $"{token} {token.Secret} {new { token.Secret }}");
        Assert.DoesNotContain(token.Secret.Reveal(), System.Text.Json.JsonSerializer.Serialize(token.Secret));
    }

    private static PublicKeyPin MakePin()
    {
        using var authority = ClusterCertificateAuthority.Create("c1", TimeProvider.System);
        return authority.Pin;
    }
}
