// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Shared.Tests.Registry;

public sealed class AuthChallengeTests
{
    [Fact]
    public void A_bearer_challenge_has_its_parameters()
    {
        var challenge = Assert.Single(AuthChallenge.Parse(
            "Bearer realm=\"https://auth.example/token?x=1,2\", service=\"registry.example\",scope=\"repository:shop/web:pull,push\""));
        Assert.True(challenge.IsBearer);
        Assert.Equal("https://auth.example/token?x=1,2", challenge["realm"]);
        Assert.Equal("registry.example", challenge["SERVICE"]);
        Assert.Equal("repository:shop/web:pull,push", challenge["scope"]);
    }

    [Fact]
    public void Several_challenges_may_share_a_header()
    {
        var challenges = AuthChallenge.Parse("Negotiate abc==, Basic realm=\"a \\\"b\\\"\" , bearer realm=https://a.example/t");
        Assert.Equal(["Negotiate", "Basic", "bearer"], challenges.Select(challenge => challenge.Scheme).Where(s => s != "abc"));
        Assert.Equal("a \"b\"", challenges.Single(challenge => challenge.IsBasic)["realm"]);
        Assert.Equal("https://a.example/t", challenges.Single(challenge => challenge.IsBearer)["realm"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",,,")]
    [InlineData("\"")]
    [InlineData("=")]
    [InlineData("Bearer realm=\"")]
    [InlineData("Bearer realm=\"\\")]
    [InlineData("Bearer \u0000\u00ff realm")]
    public void Nonsense_is_passed_over(string header) =>
        Assert.All(AuthChallenge.Parse(header), challenge => Assert.NotNull(challenge.Scheme));

    [Fact]
    public void A_challenge_of_a_million_parameters_keeps_a_few() => Assert.True(
        AuthChallenge.Parse("Bearer " + string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"a{i}=1")))[0].Parameters.Count <= 16);
}
