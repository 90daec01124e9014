// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Agent.Docker;

/// <summary>Translates ports between the engine's words and ours. Pure.</summary>
internal static class PortMapping
{
    /// <summary>Reads ports such as <c>80/tcp</c>, in ascending order; what is no port is left out.</summary>
    public static IReadOnlyList<ContainerPort> Parse(IEnumerable<string>? texts)
    {
        var ports = new List<ContainerPort>();
        foreach (var text in texts ?? [])
        {
            if (ContainerPort.TryParse(text, out var port))
                ports.Add(port);
        }
        ports.Sort();
        return ports;
    }

    /// <summary>What is published at the host now, by port and address.</summary>
    public static IReadOnlyList<PortBinding> FromDto(Dictionary<string, PortBindingDto[]?>? dto)
    {
        var bindings = new List<PortBinding>();
        foreach (var (text, places) in dto ?? [])
        {
            if (!ContainerPort.TryParse(text, out var port))
                continue;
            foreach (var place in places ?? [])
            {
                if (int.TryParse(place.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var hostPort))
                    bindings.Add(new PortBinding(port, hostPort, place.HostIp ?? ""));
            }
        }
        return [.. bindings.OrderBy(binding => binding.Port).ThenBy(binding => binding.HostAddress, StringComparer.Ordinal)];
    }

    /// <summary>What to publish, in the engine's form; a port published at several places has several entries. Null for nothing.</summary>
    public static SortedDictionary<string, PortBindingDto[]>? ToDto(IReadOnlyList<PortBinding> bindings)
    {
        if (bindings.Count == 0)
            return null;
        var dto = new SortedDictionary<string, PortBindingDto[]>(StringComparer.Ordinal);
        foreach (var group in bindings.GroupBy(binding => binding.Port))
            dto.Add(group.Key.ToString(), [.. group.Select(ToDto)]);
        return dto;
    }

    /// <summary>The container's side of what is published: the engine wants it named as well. Null for nothing.</summary>
    public static SortedDictionary<string, EmptyDto>? ToExposed(IReadOnlyList<PortBinding> bindings)
    {
        if (bindings.Count == 0)
            return null;
        var dto = new SortedDictionary<string, EmptyDto>(StringComparer.Ordinal);
        foreach (var binding in bindings)
            dto[binding.Port.ToString()] = new EmptyDto();
        return dto;
    }

    // No host port lets the engine choose: "0" would do as well, but Engine 20.10 reports it back as such.
    private static PortBindingDto ToDto(PortBinding binding) => new(
        EngineMapping.NullIfEmpty(binding.HostAddress),
        binding.HostPort == 0 ? "" : binding.HostPort.ToString(CultureInfo.InvariantCulture));
}
