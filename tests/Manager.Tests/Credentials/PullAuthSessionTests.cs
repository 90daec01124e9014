// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text.Json;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Dispatch;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using Microsoft.Extensions.Logging.Abstractions;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Credentials;

/// <summary>An agent asks when it is about to pull: it gets what is alive then, and only for what concerns it.</summary>
public sealed class PullAuthSessionTests
{
    private const string Pinned = "registry.test:5000/web:1@sha256:00";
    private HelperDouble _helper = null!;

    [Fact]
    public async Task A_token_that_has_ended_is_not_given_again()
    {
        // Short lives, since a session passes only some ten seconds of its clock in one of ours: CredentialDeskTests has the long ones.
        await using var fixture = Fixture();
        _helper.Life = TimeSpan.FromSeconds(4);
        var first = await AskAsync(fixture, 1, Pinned);
        Assert.NotEqual("", first);
        await fixture.PassAsync(TimeSpan.FromSeconds(9));
        Assert.False(_helper.IsAlive(first));
        var second = await AskAsync(fixture, 2, Pinned);
        Assert.NotEqual(first, second);
        Assert.True(_helper.IsAlive(second));
    }

    [Theory]
    [InlineData("registry.test:5000/other:1@sha256:00")]
    [InlineData("registry.test:5000/web:1")]
    [InlineData("nonsense of an image")]
    [InlineData("")]
    public async Task What_does_not_run_on_the_node_has_no_credential_for_it(string image)
    {
        await using var fixture = Fixture();
        Assert.Equal("", await AskAsync(fixture, 1, image));
        Assert.Equal(0, _helper.Runs);
    }

    [Fact]
    public async Task A_helper_that_fails_keeps_neither_the_agent_nor_the_session()
    {
        await using var fixture = Fixture();
        _helper.Output = "no";
        Assert.Equal("", await AskAsync(fixture, 1, Pinned));
        _helper.Gate = new TaskCompletionSource();
        fixture.Agent.Say(new V1.AgentMessage { AuthRequest = new V1.AuthRequest { Request = 2, Image = Pinned } });
        await fixture.PassAsync(TimeSpan.FromSeconds(5));
        Assert.False(fixture.Running.IsCompleted);
        Assert.True(fixture.Agent.Heartbeats >= 8);
        _helper.Gate.SetResult();
    }

    private SessionFixture Fixture()
    {
        var logins = new SortedDictionary<string, RegistryLoginRecord>(StringComparer.Ordinal)
        {
            ["registry.test:5000"] = new()
            {
                Registry = "registry.test:5000", Username = "", Helper = "registry-token", CreatedBy = "olga",
                CreatedAt = ModelCluster.Epoch,
            },
        };
        var box = new SecretBox(ClusterKey.FromBytes(RandomNumberGenerator.GetBytes(32)));
        return new SessionFixture(time =>
        {
            _helper = new HelperDouble(time);
            return new PullAuths(new CredentialDesk(() => logins, box, _helper, time, NullLogger<CredentialDesk>.Instance));
        }).Start();
    }

    /// <summary>The password in the answer; empty: none.</summary>
    private static async Task<string> AskAsync(SessionFixture fixture, long number, string image)
    {
        fixture.Agent.Say(new V1.AgentMessage { AuthRequest = new V1.AuthRequest { Request = number, Image = image } });
        V1.AuthAnswer? answer = null;
        await fixture.UntilAsync("the answer", () =>
            (answer = fixture.Agent.Told.Select(one => one.AuthAnswer).FirstOrDefault(one => one?.Request == number)) is not null);
        if (answer!.Auth is null) return "";
        var plain = answer.Auth.Encoded.Replace('-', '+').Replace('_', '/');
        using var json = JsonDocument.Parse(Convert.FromBase64String(plain));
        Assert.Equal("registry.test:5000", json.RootElement.GetProperty("serveraddress").GetString());
        Assert.Equal("puller", json.RootElement.GetProperty("username").GetString());
        return json.RootElement.GetProperty("password").GetString()!;
    }
}
