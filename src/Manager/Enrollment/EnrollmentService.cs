// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using System.Text;
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Enrollment;

/// <summary>Joins, renewals, and the managers' own secrets.</summary>
internal sealed partial class EnrollmentService(
    Forwarder forwarder, ConsulClient consul, CertificateDesk desk, SecretStore secrets, ClusterKey clusterKey, ClusterMapSource map,
    TimeProvider time,
    ILogger<EnrollmentService> log) : V1.Enrollment.EnrollmentBase
{
    public override Task<V1.JoinResponse> Join(V1.JoinRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => JoinAsync(term, request, context),
        (invoker, options) => new V1.Enrollment.EnrollmentClient(invoker).JoinAsync(request, options));

    public override Task<V1.RenewResponse> Renew(V1.RenewRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => RenewAsync(term, request, context),
        (invoker, options) => new V1.Enrollment.EnrollmentClient(invoker).RenewAsync(request, options));

    public override Task<V1.ManagerSecretsResponse> ManagerSecrets(V1.ManagerSecretsRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ManagerSecretsResponse { ClusterKey = ByteString.CopyFrom(clusterKey.Reveal()) });

    private async Task<V1.JoinResponse> JoinAsync(LeaderTerm term, V1.JoinRequest request, ServerCallContext context)
    {
        var origin = new MutationOrigin(request.RequestId, $"token {request.TokenId}", context.Method);
        var node = Check(request);
        var state = term.Engine.Snapshots.Current;
        var stored = state.Tokens.GetValueOrDefault(request.TokenId)?.SecretHash ?? ReadOnlyMemory<byte>.Empty;
        // Refused before the engine looks: a repeated join is answered by its request id, and that alone must not bring a certificate.
        if (TokenSecretHash.TryParse(Encoding.ASCII.GetString(stored.Span))?.Matches(new Secret(request.TokenSecret)) != true)
            throw ApiErrors.NotPermitted("the token is wrong: make one with 'cluster token create'");
        await Mutations.SubmitAsync(
            term, ticket => new ClusterEvent.JoinNode(ticket, origin, request.TokenId, stored, node) { Keeps = request.Keep },
            context.CancellationToken);
        await ConsulServerRule.ApplyAsync(term, context.CancellationToken);
        var joined = term.Engine.Snapshots.Current.Nodes[node.Id];
        var response = await AnswerAsync(term, joined, request, context.CancellationToken);
        LogJoined(joined.Name, joined.Id.ToString(), joined.Address, joined.IsManager, request.TokenId);
        return response;
    }

    private NodeRecord Check(V1.JoinRequest request)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        if (request.RequestId.Length is 0 or > 64) errors.Add(new FieldError("request_id", request.RequestId, "1 to 64 characters"));
        if (!NodeId.TryParse(request.NodeId, out var id) || id.Value == 0)
            errors.Add(new FieldError("node_id", request.NodeId, "32 hexadecimal digits, not all 0"));
        if (!DnsLabel.IsValid(request.NodeName)) errors.Add(new FieldError("name", request.NodeName, DnsLabel.Allowed));
        if (!IPAddress.TryParse(request.AdvertiseAddress, out var address) || address.Equals(IPAddress.Any)
            || address.Equals(IPAddress.IPv6Any))
            errors.Add(new FieldError("advertise", request.AdvertiseAddress, "the IP address by which the other machines reach this one"));
        if (request.CsrPem.Length is 0 or > 8192) errors.Add(new FieldError("csr", "(not shown)", "a PKCS #10 request in PEM"));
        NodeLabels.Check(errors, request.Labels);
        if (errors.Count > 0) throw ApiErrors.Invalid(errors.ToImmutable());
        return new NodeRecord
        {
            Id = id, Name = request.NodeName, Ordinal = 0, Address = address!.ToString(), IsManager = request.AsManager,
            IsConsulServer = request.AsConsulServer, JoinedAt = time.GetUtcNow(), JoinRequestId = request.RequestId,
            Labels = Maps.Of(request.Labels),
        };
    }

    private async Task<V1.JoinResponse> AnswerAsync(LeaderTerm term, NodeRecord node, V1.JoinRequest request,
        CancellationToken cancellationToken)
    {
        var issued = await desk.IssueAsync(node, request.CsrPem, cancellationToken);
        if (issued.Problem is { } problem) throw ApiErrors.Invalid("csr", "(not shown)", problem);
        var state = term.Engine.Snapshots.Current;
        var trust = await secrets.ReadTrustAsync(cancellationToken);
        var clusterMap = map.For(state, node.Id);
        var response = new V1.JoinResponse
        {
            ClusterId = state.Meta.Cluster.ToString(), Version = state.Version.ToWire(), CertificatePem = issued.Node,
            ManagerCertificatePem = issued.Manager, Consul = await ConsulAsync(term, node, trust, issued.ConsulServer, cancellationToken),
        };
        response.Consul.Servers.AddRange(clusterMap.ConsulServers.Where(address => address != node.Address));
        response.CaCertificatesPem.AddRange(clusterMap.CaCertificatesPem);
        response.Managers.AddRange(clusterMap.Managers);
        return response;
    }

    private async Task<V1.ConsulJoin> ConsulAsync(
        LeaderTerm term, NodeRecord node, V1.StoredTrust trust, string serverCertificate, CancellationToken cancellationToken)
    {
        var acl = new ConsulAcl(consul);
        // A repeated join finds its token again by the accessor, which is made from the node's id.
        var nodeToken = await acl.EnsureNodeTokenAsync(node.Name, Accessor(node.Id, 1), cancellationToken);
        var managerToken = node.IsManager ? await acl.EnsureManagerTokenAsync(node.Name, Accessor(node.Id, 2), cancellationToken) : null;
        if (node.ConsulTokenAccessor.Length == 0)
        {
            var origin = new MutationOrigin($"record-{node.Id}", "enrollment", "RecordNode");
            var record = term.Engine.Snapshots.Current.Nodes[node.Id] with { ConsulTokenAccessor = nodeToken.AccessorId ?? "" };
            await Mutations.SubmitAsync(term, ticket => new ClusterEvent.RecordNode(ticket, origin, record), cancellationToken);
        }

        return new V1.ConsulJoin
        {
            Datacenter = trust.Datacenter, NodeName = node.Name, IsServer = node.IsConsulServer,
            CaCertificatePem = trust.ConsulCaCertificatePem,
            GossipKey = (await secrets.OpenAsync(SecretNames.GossipKey, cancellationToken)).Reveal(), AgentToken = nodeToken.SecretId ?? "",
            ManagerToken = managerToken?.SecretId ?? "", ServerCertificatePem = serverCertificate,
        };
    }

    private static string Accessor(NodeId node, byte kind)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes($"{node}/{kind}"));
        return new Guid(hash.AsSpan(0, 16)).ToString();
    }

    private async Task<V1.RenewResponse> RenewAsync(LeaderTerm term, V1.RenewRequest request, ServerCallContext context)
    {
        var caller = CallerInterceptor.Of(context);
        var state = term.Engine.Snapshots.Current;
        var mayRenew = caller.IsForwarded ? caller.Actor == $"node {request.NodeId}" : caller.Id == request.NodeId;
        if (!mayRenew) throw ApiErrors.NotPermitted("a node may renew its own certificate only");
        // By the id alone: a name could be anything, another node's id included.
        if (!NodeId.TryParse(request.NodeId, out var id) || !state.Nodes.TryGetValue(id, out var node))
            throw ApiErrors.NotPermitted("this node's record was removed: join again");
        var issued = await desk.IssueAsync(node, request.CsrPem, context.CancellationToken);
        if (issued.Problem is { } problem) throw ApiErrors.Invalid("csr", "(not shown)", problem);
        var response = new V1.RenewResponse
        {
            CertificatePem = issued.Node, ManagerCertificatePem = issued.Manager, ConsulServerCertificatePem = issued.ConsulServer,
        };
        var clusterMap = map.For(state, node.Id);
        response.CaCertificatesPem.AddRange(clusterMap.CaCertificatesPem);
        response.Managers.AddRange(clusterMap.Managers);
        response.Version = state.Version.ToWire();
        if (!request.WithConsul) return response;
        var trust = await secrets.ReadTrustAsync(context.CancellationToken);
        response.Consul = await ConsulAsync(term, node, trust, issued.ConsulServer, context.CancellationToken);
        response.Consul.Servers.AddRange(clusterMap.ConsulServers.Where(address => address != node.Address));
        await ConsulServerRule.ApplyAsync(term, context.CancellationToken, node.Id);
        return response;
    }

    [LoggerMessage(
        EventIds.NodeJoined, LogLevel.Information, "Node {Name} ({NodeId}, {Address}) joined; manager: {IsManager}; token {TokenId}")]
    private partial void LogJoined(string name, string nodeId, string address, bool isManager, string tokenId);
}
