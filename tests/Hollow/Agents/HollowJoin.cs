// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Agent.Node;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using Grpc.Core;
using NodeRole = ClusterManager.Hosting.Files.NodeRole;

namespace ClusterManager.Hollow.Agents;

/// <summary>Enrolls hollow nodes by a join token, as <c>cluster join</c> does, and leaves on disk what the agent reads.</summary>
/// <param name="calls">To a manager, verified by the token's pin.</param>
/// <param name="trust">The pinned root.</param>
/// <param name="token">The join token.</param>
/// <param name="root">Each node gets a directory below it.</param>
internal sealed class HollowJoin(CallInvoker calls, TrustBundle trust, JoinToken token, string root)
{
    /// <summary>The name of the n-th hollow node, from 1.</summary>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"hollow-{number:0000}");

    /// <summary>Enrolls the n-th node.</summary>
    public async Task<AgentConfiguration> RunAsync(int number, CancellationToken cancellationToken)
    {
        var paths = new ClusterPaths(Path.Combine(root, NameOf(number)));
        paths.CreateDirectories();
        using var key = new SigningRequest();
        var request = Request(number, key);
        var answer = await new Enrollment.EnrollmentClient(calls).JoinAsync(request, new CallOptions(cancellationToken: cancellationToken));
        using var certificate = key.TryComplete(answer.CertificatePem)
            ?? throw new InvalidOperationException("the manager's certificate does not belong to the request");
        await certificate.SaveAsync(paths.NodeCertificate, cancellationToken);
        await AtomicFile.WriteTextAsync(paths.TrustedRoots, trust.ToPem(), FileModes.Shared, cancellationToken);
        await NodeFile.At(paths).WriteAsync(ToFile(request, answer), cancellationToken);
        var (configuration, problem) = await AgentConfiguration.LoadAsync(paths, cancellationToken);
        return configuration ?? throw new InvalidOperationException(problem);
    }

    private JoinRequest Request(int number, SigningRequest key)
    {
        var id = number.ToString("x32", CultureInfo.InvariantCulture);
        return new JoinRequest
        {
            RequestId = $"join-{id}", TokenId = token.TokenId, TokenSecret = token.Secret.Reveal(), NodeId = id, NodeName = NameOf(number),
            AdvertiseAddress = $"10.83.{number / 250}.{1 + number % 250}", CsrPem = key.Pem, ConsulVersion = "1.8.7",
        };
    }

    private static NodeFile ToFile(JoinRequest request, JoinResponse answer) => new()
    {
        ClusterId = answer.ClusterId, Incarnation = Math.Max(1, answer.Version.Incarnation), Term = answer.Version.Term,
        Version = answer.Version.Number, NodeId = request.NodeId, NodeName = request.NodeName, AdvertiseAddress = request.AdvertiseAddress,
        Roles = [NodeRole.Agent], ManagerAddresses = [.. answer.Managers.Select(manager => manager.Address)],
        Consul = new NodeConsulSettings(),
    };
}
