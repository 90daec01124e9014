// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Images;

/// <summary>Takes an image's names away at the engine, never by force: what a container uses stays by the engine's own word.</summary>
/// <param name="engine">The engine.</param>
/// <param name="ledger">Forgets what has gone.</param>
internal sealed class ImageRemover(IContainerEngine engine, ImageLedger ledger)
{
    /// <summary>Removes the image, unless it has come into use since it was found.</summary>
    /// <returns>True: it is gone.</returns>
    public async Task<bool> TryRemoveAsync(SweepCandidate image, CancellationToken cancellationToken)
    {
        foreach (var name in image.Names)
        {
            if (IsWanted(name, image)) return false;
            try
            {
                await engine.RemoveImageAsync(name, cancellationToken);
            }
            catch (DockerException error) when (error.Kind is DockerErrorKind.ImageNotFound or DockerErrorKind.NotFound)
            {
                // Gone already: that was the aim.
            }
            catch (DockerException error) when (error.Kind == DockerErrorKind.Conflict)
            {
                return false; // a container uses it
            }

            ledger.Forget(name);
        }

        ledger.Forget(image.Id);
        return true;
    }

    private bool IsWanted(string name, SweepCandidate image) => ledger.Moving.Contains(name)
        || (ledger.Entries.TryGetValue(name, out var entry) && entry.UsedAt > image.UsedAt);
}
