// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;
using static ClusterManager.Consul.TransactionOperation;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>Who may do what, and who gets in at all, with the configuration and the policies that the product writes.</summary>
[Trait("Category", "Real")]
public sealed class SecurityRealTests(SecuredConsulFixture fixture) : IClassFixture<SecuredConsulFixture>
{
    private static readonly byte[] Value = [1];

    [Fact]
    public async Task A_manager_leads_from_its_own_agent_with_its_token()
    {
        // On the client's agent: a manager's Consul need not be a server.
        using var manager = fixture.Client.CreateClient(fixture.ManagerToken.SecretId);
        var check = new TtlCheck { Id = "manager-beat", Ttl = TimeSpan.FromMinutes(1), InitialStatus = CheckStatus.Passing };
        var service = new ServiceRegistration { Id = "manager", Name = "cluster-manager", Port = 7443, Checks = [check] };
        await manager.Agent.RegisterServiceAsync(service, default);
        var session = await CreateSessionAsync(manager, check.Id);

        var locked = await manager.Transactions.CommitAsync([Lock("cm/v1/lead", Value, session)], ConsistencyMode.Default, default);
        Assert.IsType<TransactionResult.Committed>(locked);
        var written = await manager.Transactions.CommitAsync(
            [CheckSession("cm/v1/lead", session), Set("cm/v1/version", Value)], ConsistencyMode.Default, default);
        Assert.IsType<TransactionResult.Committed>(written);

        Assert.NotEmpty(await manager.Operator.GetRaftServersAsync(ConsistencyMode.Default, default));
        Assert.NotNull(await new ConsulAcl(manager).EnsureNodeTokenAsync("sec-other", null, default));
        await manager.Catalog.DeregisterAsync("sec-absent", null, default);
        await manager.Sessions.DestroyAsync(session, default);
        await manager.Agent.DeregisterServiceAsync(service.Id, default);
    }

    [Fact]
    public async Task A_manager_writes_nothing_outside_its_prefix()
    {
        using var manager = fixture.Client.CreateClient(fixture.ManagerToken.SecretId);
        await AssertDeniedAsync(() => manager.Kv.PutAsync("other/x", Value, default));
        var result = await manager.Transactions.CommitAsync(
            [Set("cm/v1/secret", Value), Set("other/x", Value)], ConsistencyMode.Default, default);
        var rejected = Assert.IsType<TransactionResult.Rejected>(result);
        Assert.Equal((RejectionKind.Permission, 1), (rejected.Kind, rejected.OperationIndex));
        Assert.Null((await manager.Kv.GetAsync("cm/v1/secret", ReadOptions.Consistent, default)).Value);
    }

    [Fact]
    public async Task A_node_registers_services_on_itself_and_reads_who_leads()
    {
        using var node = fixture.Client.CreateClient(fixture.NodeToken.SecretId);
        var service = new ServiceRegistration
        {
            Id = "cluster/default/web/1/1",
            Name = "sec-web",
            Port = 80,
            Checks = [new TtlCheck { Id = "sec-web-ttl", Ttl = TimeSpan.FromMinutes(1) }],
        };
        await node.Agent.RegisterServiceAsync(service, default);
        await node.Agent.UpdateCheckAsync("sec-web-ttl", CheckStatus.Passing, "", default);
        await Until.TrueAsync("the service is seen from the server", TimeSpan.FromSeconds(5), async () =>
        {
            using var anonymous = fixture.Server.CreateClient();
            return (await anonymous.Health.GetServiceAsync("sec-web", passingOnly: true, ReadOptions.Consistent, default)).Value.Count == 1;
        });
        await node.Kv.GetAsync("cm/v1/lead", ReadOptions.Default, default);
        Assert.Equal(2, (await node.Catalog.GetNodesAsync(ReadOptions.Default, default)).Value.Count);
        await node.Agent.DeregisterServiceAsync(service.Id, default);
    }

    [Fact]
    public async Task A_node_can_do_nothing_else()
    {
        using var node = fixture.Client.CreateClient(fixture.NodeToken.SecretId);
        using var onServer = fixture.Server.CreateClient(fixture.NodeToken.SecretId);
        await AssertDeniedAsync(() => node.Kv.PutAsync("cm/v1/lead", Value, default));
        await AssertDeniedAsync(() => node.Kv.GetAsync("cm/v1/meta", ReadOptions.Default, default));
        await AssertDeniedAsync(() => node.Sessions.CreateAsync(new SessionRequest(), default));
        await AssertDeniedAsync(() => node.Acl.ListTokensAsync(default));
        await AssertDeniedAsync(() => node.Operator.GetRaftServersAsync(ConsistencyMode.Default, default));
        await AssertDeniedAsync(() => node.Catalog.DeregisterAsync(SecuredConsulFixture.ServerNode, null, default));
        await AssertDeniedAsync(() => onServer.Agent.SetTokenAsync(AgentTokenKind.Agent, "x", default));
        await AssertDeniedAsync(() => onServer.Agent.RegisterCheckAsync(new TtlCheck { Id = "x", Ttl = TimeSpan.FromMinutes(1) }, default));
    }

    [Fact]
    public async Task Without_a_token_names_are_read_and_nothing_is_written()
    {
        using var anonymous = fixture.Client.CreateClient();
        Assert.Contains("consul", (await anonymous.Catalog.GetServicesAsync(ReadOptions.Default, default)).Value.Keys);
        await AssertDeniedAsync(() => anonymous.Kv.PutAsync("cm/v1/x", Value, default));
        await AssertDeniedAsync(() => anonymous.Kv.GetAsync("cm/v1/lead", ReadOptions.Default, default));
        await AssertDeniedAsync(() => anonymous.Agent.RegisterServiceAsync(new ServiceRegistration { Id = "x", Name = "x" }, default));
        await AssertDeniedAsync(() => anonymous.Sessions.CreateAsync(new SessionRequest(), default));
        await AssertDeniedAsync(() => anonymous.Agent.GetSelfAsync(default));
    }

    [Fact]
    public async Task A_nodes_token_is_found_again_corrected_and_taken_away()
    {
        using var management = fixture.Server.CreateClient(fixture.Management);
        var acl = new ConsulAcl(management);
        var accessor = Guid.NewGuid().ToString();
        var first = await acl.EnsureNodeTokenAsync("sec-gone", accessor, default);
        var again = await acl.EnsureNodeTokenAsync("sec-gone", accessor, default);
        Assert.Equal((accessor, first.SecretId), (again.AccessorId, again.SecretId));

        await management.Acl.UpdateTokenAsync(first with { Policies = [] }, default);
        var corrected = await acl.EnsureNodeTokenAsync("sec-gone", accessor, default);
        Assert.Equal((first.SecretId, "cm-node-sec-gone"), (corrected.SecretId, Assert.Single(corrected.Policies).Name));

        await acl.DeleteNodeAsync("sec-gone", accessor, default);
        await acl.DeleteNodeAsync("sec-gone", accessor, default);
        Assert.Null(await management.Acl.GetTokenAsync(accessor, default));
        Assert.DoesNotContain(await management.Acl.ListPoliciesAsync(default), policy => policy.Name == "cm-node-sec-gone");
        using var gone = fixture.Server.CreateClient(first.SecretId);
        await AssertDeniedAsync(() => gone.Kv.GetAsync("cm/v1/lead", ReadOptions.Default, default));
    }

    [Fact]
    public async Task A_policy_that_was_changed_by_hand_is_corrected()
    {
        using var management = fixture.Server.CreateClient(fixture.Management);
        var found = (await management.Acl.ListPoliciesAsync(default)).Single(policy => policy.Name == ConsulPolicies.AnonymousName);
        await management.Acl.PutPolicyAsync(found with { Rules = "operator = \"read\"" }, default);

        await new ConsulAcl(management).EnsureAsync(default);

        Assert.Equal(ConsulPolicies.Anonymous.Rules, (await management.Acl.GetPolicyAsync(found.Id!, default)).Rules);
    }

    [Fact]
    public async Task A_configured_management_token_leaves_no_second_one_to_be_taken()
    {
        using var stranger = fixture.Server.CreateClient();
        Assert.Null(await stranger.Acl.BootstrapAsync(default));
    }

    [Fact]
    public async Task Without_a_configured_one_the_management_token_is_made_once()
    {
        await using var server = ConsulProcess.StartServer("sec-bootstrap", options => options with { Acl = new ConsulAgentAcl() });
        await server.WaitReadyAsync();
        using var stranger = server.CreateClient();
        AclToken? token = null;
        await Until.TrueAsync("access control is up", TimeSpan.FromSeconds(10), async () =>
        {
            try
            {
                token = await stranger.Acl.BootstrapAsync(default);
                return true;
            }
            catch (ConsulException error) when (error.IsTransient)
            {
                return false;
            }
        });
        using var management = server.CreateClient(token!.SecretId);
        Assert.NotEmpty(await management.Acl.ListTokensAsync(default));
        Assert.Null(await stranger.Acl.BootstrapAsync(default));
    }

    [Fact]
    public async Task An_agent_with_another_CA_gets_no_certificate()
    {
        using var other = TestCertificates.Create("Other CA");
        await using var agent = fixture.StartClient(other.CaFile, fixture.GossipKey, fixture.NodeToken.SecretId!, "sec-ca");
        // Without a certificate the agent does not come up: its API never answers.
        await AssertLoggedAsync(agent, "unknown authority");
        using var client = agent.CreateClient();
        var result = await ConsulReadiness.WaitAsync(client, new ReadinessRequest { Timeout = TimeSpan.FromSeconds(1) }, default);
        Assert.False(result.IsReady);
        Assert.Contains("after 1 s", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_with_another_nodes_token_gets_no_certificate()
    {
        await using var agent = fixture.StartClient(fixture.CaFile, fixture.GossipKey, fixture.NodeToken.SecretId!, "sec-impostor");
        await AssertLoggedAsync(agent, "Permission denied");
    }

    [Fact]
    public async Task An_agent_with_another_gossip_key_does_not_join()
    {
        using var management = fixture.Server.CreateClient(fixture.Management);
        var token = await new ConsulAcl(management).EnsureNodeTokenAsync("sec-gossip", null, default);
        var key = GossipKey.Create();
        await using var agent = fixture.StartClient(fixture.CaFile, key, token.SecretId!, "sec-gossip");
        await AssertLoggedAsync(fixture.Server, "No installed keys could decrypt the message");
        Assert.DoesNotContain(await management.Agent.GetMembersAsync(default), member => member.Name == "sec-gossip");
    }

    [Fact]
    public async Task An_agent_remembers_a_token_that_was_set_at_run_time()
    {
        // sec-server got its token only by the API: it has registered itself in the catalog with it.
        using var anonymous = fixture.Client.CreateClient();
        await Until.TrueAsync("the server's node is registered", TimeSpan.FromSeconds(10), async () =>
            (await anonymous.Health.GetNodeAsync(SecuredConsulFixture.ServerNode, ReadOptions.Consistent, default)).Value
                .Any(check => check.Id == "serfHealth"));
        var persisted = Path.Combine(fixture.Server.Options.DataDirectory, "acl-tokens.json");
        Assert.True(File.Exists(persisted));
    }

    private static Task AssertLoggedAsync(ConsulProcess agent, string words) =>
        Until.TrueAsync(
            $"the log says '{words}'", TimeSpan.FromSeconds(10),
            () => Task.FromResult(agent.Log.Contains(words, StringComparison.OrdinalIgnoreCase)), () => agent.Log);

    private static async Task<string> CreateSessionAsync(ConsulClient client, string check)
    {
        var session = "";
        await Until.TrueAsync("a session can be made", TimeSpan.FromSeconds(10), async () =>
        {
            try
            {
                session = await client.Sessions.CreateAsync(new SessionRequest { ServiceChecks = [check] }, default);
                return true;
            }
            catch (ConsulException error) when (error.Text.Contains("Missing check", StringComparison.Ordinal))
            {
                return false;
            }
        });
        return session;
    }

    private static async Task AssertDeniedAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<ConsulException>(call);
        Assert.True(error.Kind == ConsulErrorKind.PermissionDenied, error.Message);
    }
}
