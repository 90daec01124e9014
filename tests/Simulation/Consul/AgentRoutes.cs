// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <summary><c>/v1/agent</c>: the services and checks of the host's own agent.</summary>
internal static class AgentRoutes
{
    /// <summary>What is asked for.</summary>
    public static ConsulWork Find(string path, byte[] body)
    {
        if (path == "services") return new ConsulWork.Local(static agent => agent.ListServices());
        if (path == "checks") return new ConsulWork.Local(static agent => agent.ListChecks());
        if (path == "service/register")
        {
            var service = JsonSerializer.Deserialize(body, ConsulJson.Default.ServiceRegisterJson)!;
            return new ConsulWork.Local(agent => agent.Register(service));
        }

        if (path == "check/register")
        {
            var check = JsonSerializer.Deserialize(body, ConsulJson.Default.CheckRegisterJson)!;
            return new ConsulWork.Local(agent => agent.Register(check));
        }

        if (ConsulRoutes.Is(path, "check/update/", out var updated))
        {
            var update = JsonSerializer.Deserialize(body, ConsulJson.Default.CheckUpdateJson)!;
            return new ConsulWork.Local(agent => agent.Update(updated, update.Status, update.Output));
        }

        if (ConsulRoutes.Is(path, "service/deregister/", out var service1))
            return new ConsulWork.Local(agent => agent.DeregisterService(service1));
        if (ConsulRoutes.Is(path, "check/deregister/", out var check1))
            return new ConsulWork.Local(agent => agent.DeregisterCheck(check1));
        throw new NotSupportedException(path);
    }
}
