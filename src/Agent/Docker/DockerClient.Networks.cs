// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

internal sealed partial class DockerClient
{
    /// <inheritdoc/>
    public async Task<string> CreateNetworkAsync(NetworkRequest request, CancellationToken cancellationToken)
    {
        var call = DockerCall.Post("/networks/create") with
        {
            Body = Json(NetworkMapping.ToDto(request), DockerJson.Default.NetworkCreateDto),
        };
        return (await _transport.CallAsync(call, DockerJson.Default.NetworkCreatedDto, cancellationToken)).Id ?? "";
    }

    /// <inheritdoc/>
    public async Task<NetworkDetails> InspectNetworkAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var call = DockerCall.Get($"/networks/{EnginePath.Escape(nameOrId)}");
        return NetworkMapping.ToDetails(await _transport.CallAsync(call, DockerJson.Default.NetworkDto, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NetworkDetails>> ListNetworksAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        var call = DockerCall.Get(EnginePath.WithQuery("/networks", ("filters", EnginePath.Filters(("label", labels)))));
        var dtos = await _transport.CallAsync(call, DockerJson.Default.NetworkDtoArray, cancellationToken);
        return [.. dtos.Select(NetworkMapping.ToDetails)];
    }

    /// <inheritdoc/>
    public Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken) =>
        _transport.CallAsync(DockerCall.Delete($"/networks/{EnginePath.Escape(nameOrId)}"), cancellationToken);
}
