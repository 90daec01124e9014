// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>
/// What <c>cluster init</c> and <c>join</c> make: a server and a client, each with its own token, TLS, gossip key and ACL; the policies
/// ensured twice, since every step of init can be run again.
/// </summary>
public sealed class SecuredConsulFixture : IAsyncLifetime
{
    public const string ServerNode = "sec-server";
    public const string ClientNode = "sec-client";
    private readonly string _management = Guid.NewGuid().ToString();
    private readonly string _gossipKey = ClusterManager.Consul.Provisioning.GossipKey.Create();
    private TestCertificates? _certificates;
    private ConsulProcess? _server;
    private ConsulProcess? _client;

    public ConsulProcess Server => _server!;

    public ConsulProcess Client => _client!;

    public string Management => _management;

    public string GossipKey => _gossipKey;

    public string CaFile => _certificates!.CaFile;

    public AclToken ManagerToken { get; private set; } = new();

    public AclToken NodeToken { get; private set; } = new();

    public async Task InitializeAsync()
    {
        _certificates = TestCertificates.Create("Test CA");
        var (certificate, key) = _certificates.CreateServer([.. ConsulAgentTls.ServerNames("dc1")]);
        _server = ConsulProcess.StartServer(ServerNode, options => options with
        {
            GossipKey = _gossipKey,
            Tls = new ConsulAgentTls(_certificates.CaFile, certificate, key),
            Acl = new ConsulAgentAcl(InitialManagementToken: _management),
        });
        await _server.WaitReadyAsync(new ReadinessRequest { NeedsAcl = true, Voters = [ServerNode] }, _management);
        await ProvisionAsync(_server);

        _client = StartClient(_certificates.CaFile, _gossipKey, NodeToken.SecretId!);
        await _client.WaitReadyAsync(new ReadinessRequest { NeedsAcl = true }, NodeToken.SecretId);
    }

    public async Task DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _certificates?.Dispose();
    }

    /// <summary>A client agent that wants to join the server.</summary>
    public ConsulProcess StartClient(string caFile, string? gossipKey, string agentToken, string node = ClientNode) =>
        ConsulProcess.Start(node, options => options with
        {
            RetryJoin = [Server.SerfAddress],
            Ports = options.Ports with { Server = Server.Options.Ports.Server },
            GossipKey = gossipKey,
            Tls = new ConsulAgentTls(caFile),
            Acl = new ConsulAgentAcl(AgentToken: agentToken),
        });

    private async Task ProvisionAsync(ConsulProcess server)
    {
        using var management = server.CreateClient(_management);
        var acl = new ConsulAcl(management);
        await acl.EnsureAsync(default);
        await acl.EnsureAsync(default);
        ManagerToken = await acl.EnsureManagerTokenAsync("m1", Guid.NewGuid().ToString(), default);
        NodeToken = await acl.EnsureNodeTokenAsync(ClientNode, Guid.NewGuid().ToString(), default);
        var serverToken = await acl.EnsureNodeTokenAsync(ServerNode, null, default);
        await management.Agent.SetTokenAsync(AgentTokenKind.Agent, serverToken.SecretId!, default);
    }
}
