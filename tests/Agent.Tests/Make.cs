// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests;

/// <summary>Short ways to the values that tests are about.</summary>
internal static class Make
{
    public static readonly ClusterId Cluster = new(0xC1);
    public static readonly ClusterId OtherCluster = new(0xC2);

    public static AllocationId Id(long service, int slot = 1, int generation = 1) => new(new ServiceId(service), slot, generation);

    public static StateVersion Version(long term, long number, long incarnation = 1) => new(incarnation, term, number);

    public static ServiceSpec Spec(string name = "web") => new()
    {
        Name = new ServiceName(ServiceName.DefaultStack, name),
        Container = new ContainerSpec { Image = "registry.lab:5000/web:1" },
    };

    public static Assignment Assignment(AllocationId id, DesiredState desired = DesiredState.Run, ServiceSpec? spec = null) => new()
    {
        Id = id,
        Desired = desired,
        Revision = 1,
        Spec = spec ?? Spec(),
        Image = "registry.lab:5000/web@sha256:" + new string('a', 64),
        TemplateHash = "t1",
    };

    public static AssignmentUpdate Complete(StateVersion to, params Assignment[] items) =>
        new() { Cluster = Cluster, IsComplete = true, To = to, Upserts = [.. items] };

    public static AssignmentUpdate Incremental(StateVersion from, StateVersion to, params Assignment[] items) =>
        new() { Cluster = Cluster, IsComplete = false, From = from, To = to, Upserts = [.. items] };
}
