// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Session;

namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>Managers that can be dialled: each address answers as the test says. Records every session that was opened.</summary>
internal sealed class SimulatedManagers : ISessionTransport
{
    public Dictionary<string, Action<SimulatedSession>> Behaviours { get; } = [];

    public List<SimulatedSession> Sessions { get; } = [];

    public SimulatedSession Last => Sessions[^1];

    public ISessionConnection Open(string address)
    {
        var session = new SimulatedSession(address);
        Sessions.Add(session);
        if (Behaviours.TryGetValue(address, out var behaviour)) behaviour(session);
        else session.Break();
        return session;
    }
}
