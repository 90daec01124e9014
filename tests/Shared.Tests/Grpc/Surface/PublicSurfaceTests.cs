// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Tests.Support;
using Grpc.Core;

namespace ClusterManager.Shared.Tests.Grpc.Surface;

/// <summary>
/// The public surface of the gRPC layer is frozen: others compile against it, and the official packages are to take its place one day.
/// A change that is meant is written down with CLUSTER_WRITE_BASELINE=1 and shows in the difference of the baseline.
/// </summary>
public sealed class PublicSurfaceTests
{
    [Theory]
    [InlineData("core")]
    [InlineData("server")]
    public void Nothing_public_was_added_removed_or_changed(string which)
    {
        var assembly = which == "core"
            ? typeof(CallInvoker).Assembly : typeof(ClusterManager.Grpc.Server.GrpcServiceOptions).Assembly;
        var file = SourceTree.PathOf($"tests/Shared.Tests/Grpc/Surface/{which}-surface.txt");
        var now = PublicSurface.Of(assembly);
        if (Environment.GetEnvironmentVariable("CLUSTER_WRITE_BASELINE") == "1") File.WriteAllLines(file, now);
        var before = File.ReadAllLines(file);
        Assert.Equal([], before.Except(now, StringComparer.Ordinal));
        Assert.Equal([], now.Except(before, StringComparer.Ordinal));
    }

    [Fact]
    public void The_wire_layer_and_the_client_behind_the_channel_are_not_public()
    {
        var types = typeof(CallInvoker).Assembly.GetExportedTypes();
        Assert.DoesNotContain(types, type => type.Namespace == "Grpc.Core.Wire");
        Assert.Equal(["GrpcChannel", "GrpcChannelOptions"], types.Where(type => type.Namespace == "Grpc.Net.Client")
            .Select(type => type.Name).Order(StringComparer.Ordinal));
    }
}
