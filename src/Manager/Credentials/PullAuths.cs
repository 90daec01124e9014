// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Registry;

namespace ClusterManager.Manager.Credentials;

/// <summary>Gives agents what their engine shows to a registry, for the one pull or look-up that they are about to begin.</summary>
/// <param name="credentials">Where credentials come from.</param>
internal sealed class PullAuths(IRegistryCredentials credentials)
{
    /// <summary>The value of the engine's header; empty: there is no credential, or this node has no business with the image.</summary>
    /// <param name="state">What is placed on the node.</param>
    /// <param name="node">Who asks.</param>
    /// <param name="image">What it is about to pull.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> FindAsync(ClusterState state, NodeId node, string image, CancellationToken cancellationToken)
    {
        if (!Concerns(state, node, image) || !ImageName.TryParse(ImageReference.NameOf(image), out var name)) return "";
        if (name.Registry is not { } registry) return "";
        try
        {
            return await credentials.FindAsync(registry, cancellationToken) is { } found ? Encode(registry, found) : "";
        }
        catch (RegistryException)
        {
            // Said in the log where it failed; the registry's refusal tells the rest.
            return "";
        }
    }

    /// <summary>The node runs it, is to have it for a rollout, or is asked what it means: no other credential leaves for it.</summary>
    public static bool Concerns(ClusterState state, NodeId node, string image)
    {
        if (state.ImageQueries.Values.Any(query => query.Image == image && query.RegistryNodes.Contains(node))) return true;
        if (state.ImagePulls.Values.Any(pull => pull.Image == image && pull.Nodes.Contains(node))) return true;
        return state.LiveByNode.GetValueOrDefault(node, []).Any(id => state.Find(id) is { } record
            && state.Revisions[id.Service].GetValueOrDefault(record.Revision)?.Image is { IsLocal: false } resolved
            && resolved.Pinned == image);
    }

    /// <summary>As Docker's <c>X-Registry-Auth</c> has it: JSON in base64 of the URL alphabet.</summary>
    public static string Encode(string registry, RegistryCredential credential)
    {
        var auth = credential.IdentityToken is { Length: > 0 } token
            ? new AuthJson(registry, null, null, token) : new AuthJson(registry, credential.Username, credential.Password, null);
        var json = JsonSerializer.SerializeToUtf8Bytes(auth, PullAuthJson.Default.AuthJson);
        return Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_');
    }
}

/// <summary>The header's content.</summary>
internal sealed record AuthJson(
    [property: JsonPropertyName("serveraddress")] string Server,
    [property: JsonPropertyName("username")] string? Username,
    [property: JsonPropertyName("password")] string? Password,
    [property: JsonPropertyName("identitytoken")] string? IdentityToken);

/// <summary>Source-generated JSON of the header.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuthJson))]
internal sealed partial class PullAuthJson : JsonSerializerContext;
