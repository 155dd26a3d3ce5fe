// Small comforts. Every page works without them.

// Words typed into a form are not lost by leaving the page by mistake.
for (const form of document.querySelectorAll('form[data-guard]')) {
  let changed = false
  form.addEventListener('input', () => { changed = true })
  form.addEventListener('submit', () => { changed = false })
  window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault() })
}

// On a wide screen filters are open, on a phone they are a disclosure.
for (const filters of document.querySelectorAll('details.filters')) {
  if (window.matchMedia('(max-width: 48em)').matches && !filters.hasAttribute('data-keep-open')) filters.open = false
}

// The update form says which colour the chosen answer gives.
for (const group of document.querySelectorAll('[data-gives]')) {
  const lines = group.querySelectorAll('[data-answer]')
  const show = () => {
    const chosen = document.querySelector(`input[name="${group.dataset.gives}"]:checked`)
    group.hidden = !chosen
    if (!chosen) return
    for (const line of lines) line.hidden = line.dataset.answer !== chosen.value
  }
  for (const radio of document.querySelectorAll(`input[name="${group.dataset.gives}"]`)) radio.addEventListener('change', show)
  show()
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// The period grid opens at today's column.
for (const region of document.querySelectorAll('.grid-region')) {
  const now = region.querySelector('thead .grid-table__now')
  const first = region.querySelector('thead th')
  if (now && first) region.scrollLeft = now.offsetLeft - first.offsetWidth - 2 * now.offsetWidth
}

// Questions that only some answers need are shown with those answers.
for (const part of document.querySelectorAll('[data-only]')) {
  const radios = document.querySelectorAll(`input[name="${part.dataset.only}"]`)
  const wanted = part.dataset.when.split(' ')
  const wrong = part.querySelector('.govuk-error-message')
  const show = () => {
    const chosen = [...radios].find((radio) => radio.checked)
    part.hidden = !wrong && !(chosen && wanted.includes(chosen.value))
  }
  for (const radio of radios) radio.addEventListener('change', show)
  show()
}
